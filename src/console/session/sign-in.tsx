import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/client.ts';
import { claimsAreOf } from '../case/claims.ts';
import { draftsAreOf, useWrittenAbout } from '../drafts/drafts.ts';
import { wordsOf } from '../parts/states.tsx';
import { useTitle } from '../parts/use-title.ts';
import { enter, type Leaving } from './session.ts';
import { NotSignedOut } from './sign-out.tsx';

/** A key opens the console; the browser keeps a cookie that scripts cannot read. */
export function SignIn({ after }: { readonly after: Leaving | 'ended' | null }) {
  const client = useQueryClient();
  useTitle('Sign in');
  const [key, setKey] = useState('');
  const signIn = useMutation({
    mutationFn: () => call('openSession', { body: { key: key.trim() } }),
    onSuccess: (session) => {
      claimsAreOf(session.key_id);
      draftsAreOf(session.key_id);
      // What was asked for before was refused with the session, or was somebody else's to see.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      enter(client, session);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <main className="sign-in">
      <h1>Portcullis</h1>
      {after === 'ended' && <Ended />}
      {after !== null && after !== 'ended' && <NotSignedOut why={after.notEnded} />}
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

function Ended() {
  const isWriting = useWrittenAbout().length > 0;
  return (
    <p className="notice" role="status">
      Your session has ended.
      {isWriting && ' What you have written and not sent is kept: sign in with the same key, and it is there again.'}
    </p>
  );
}
