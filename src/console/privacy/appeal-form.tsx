import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/client.ts';
import { Field, FormProblem } from '../parts/form-field.tsx';

/** Somebody who was denied asks for another look; what was said goes to the case as it was said. */
export function AppealForm({ accountId }: { readonly accountId: string }) {
  const [message, setMessage] = useState('');
  const make = useMutation({
    mutationFn: () => call('makeAppeal', { body: { account_id: accountId, message } }),
    onSuccess: () => setMessage(''),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <section aria-labelledby="appeal">
      <h2 id="appeal">Appeal</h2>
      <p>Another look by another person. A denied account is held until then.</p>
      <form onSubmit={submit}>
        <Field label="What they say" pointer="/message" error={make.error}>
          {(props) => (
            <textarea
              {...props}
              required
              rows={4}
              maxLength={4000}
              value={message}
              onChange={({ target }) => setMessage(target.value)}
            />
          )}
        </Field>
        <button type="submit" disabled={accountId === '' || make.isPending}>
          Take the appeal
        </button>
      </form>
      <FormProblem what="Not taken" error={make.error} beside={['/message']} />
      {make.data !== undefined && (
        <p role="status" className="notice">
          Taken as <code>{make.data.id}</code>
          {make.data.case_id !== null && (
            <>
              , in case <code>{make.data.case_id}</code>
            </>
          )}
          .
        </p>
      )}
    </section>
  );
}
