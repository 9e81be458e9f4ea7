import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/client.ts';
import type { List } from '../api/types.ts';
import { Field, FormProblem } from '../parts/form-field.tsx';

const expected: Readonly<Record<List['kind'], string>> = {
  value: 'Compared without regard to case.',
  cidr: 'An address or a range such as 192.0.2.0/24.',
  asn: 'A number such as AS64500.',
};

/** When this list has one more, everything that shows it is asked for again. */
export function useListsAgain(list: string): () => Promise<unknown> {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['lists'] }),
      client.invalidateQueries({ queryKey: ['list-entries', list] }),
    ]);
}

export function AddEntry({ list }: { readonly list: List }) {
  const again = useListsAgain(list.name);
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const add = useMutation({
    mutationFn: () =>
      call('addListEntry', {
        params: { name: list.name },
        body: { value: value.trim(), reason, ...(until === '' ? {} : { expires_at: new Date(until).toISOString() }) },
      }),
    onSuccess: () => {
      setValue('');
      return again();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form className="panel" aria-label="New entry" onSubmit={submit}>
      <Field label="Value" pointer="/value" error={add.error} hint={expected[list.kind]}>
        {(props) => (
          <input {...props} required maxLength={512} value={value} onChange={({ target }) => setValue(target.value)} />
        )}
      </Field>
      <Field label="Reason" pointer="/reason" error={add.error} hint="Whoever looks at it next year will want to know.">
        {(props) => (
          <input
            {...props}
            required
            maxLength={2000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </Field>
      <Field label="Until" pointer="/expires_at" error={add.error} hint="Empty: until somebody removes it.">
        {(props) => (
          <input {...props} type="datetime-local" value={until} onChange={({ target }) => setUntil(target.value)} />
        )}
      </Field>
      <div className="row">
        <button type="submit" className="primary" disabled={add.isPending}>
          Add
        </button>
      </div>
      <FormProblem what="Not added" error={add.error} beside={['/value', '/reason', '/expires_at']} />
    </form>
  );
}
