import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/client.ts';
import { wordsOf } from '../parts/states.tsx';

/** A key opens the console; the browser keeps a cookie that scripts cannot read. */
export function SignIn() {
  const client = useQueryClient();
  const [key, setKey] = useState('');
  const signIn = useMutation({
    mutationFn: () => call('openSession', { body: { key: key.trim() } }),
    onSuccess: (session) => client.setQueryData(['session'], session),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <main className="sign-in">
      <h1>Portcullis</h1>
      <form onSubmit={submit}>
        <label htmlFor="key">Your key</label>
        <input
          id="key"
          type="password"
          autoComplete="current-password"
          required
          value={key}
          aria-describedby="key-hint"
          onChange={(event) => setKey(event.target.value)}
        />
        <p id="key-hint" className="hint">
          A key of the role reviewer, senior, worker, author, privacy or admin: <code>pk_…</code>
        </p>
        <button type="submit" className="primary" disabled={signIn.isPending}>
          Sign in
        </button>
        <p role="alert" className="form-problem">
          {signIn.isError && `Not signed in: ${wordsOf(signIn.error)}.`}
        </p>
      </form>
    </main>
  );
}
