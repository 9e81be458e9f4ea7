import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/client.ts';
import type { Erasure } from '../api/types.ts';
import { Field, FormProblem } from '../parts/form-field.tsx';

/** There is no way back: the id has to be typed once more. */
export function EraseForm({ accountId }: { readonly accountId: string }) {
  const [typed, setTyped] = useState('');
  const erase = useMutation({
    mutationFn: () => call('eraseSubject', { params: { account_id: accountId } }),
    onSuccess: () => setTyped(''),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    erase.mutate();
  };
  return (
    <section aria-labelledby="erase">
      <h2 id="erase">Erase</h2>
      <p>What identifies the person is made unreadable, and no one can bring it back.</p>
      <form onSubmit={submit}>
        <Field label="The same id once more" pointer="/typed" error={undefined}>
          {(props) => (
            <input {...props} autoComplete="off" value={typed} onChange={({ target }) => setTyped(target.value)} />
          )}
        </Field>
        <button type="submit" disabled={accountId === '' || typed.trim() !== accountId || erase.isPending}>
          Erase for good
        </button>
      </form>
      <FormProblem what="Not erased" error={erase.error} />
      {erase.data !== undefined && <Outcome erasure={erase.data} />}
    </section>
  );
}

function Outcome({ erasure: { erased, kept } }: { readonly erasure: Erasure }) {
  return (
    <div role="status" className="notice">
      <h3>Erased</h3>
      <ul>
        {erased.map(({ what, count }) => (
          <li key={what}>
            {what}: {count}
          </li>
        ))}
      </ul>
      <h3>Kept, and why</h3>
      <ul>
        {kept.map(({ what, count, why }) => (
          <li key={what}>
            {what}: {count}; {why}
          </li>
        ))}
      </ul>
    </div>
  );
}
