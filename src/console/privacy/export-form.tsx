import { useMutation } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import type { SubjectRecord } from '../api/types.ts';
import { FormProblem } from '../parts/form-field.tsx';

/** Everything that is stored about the account, as a file. */
export function ExportForm({ accountId }: { readonly accountId: string }) {
  const ask = useMutation({ mutationFn: () => call('exportSubject', { params: { account_id: accountId } }) });
  return (
    <section aria-labelledby="export">
      <h2 id="export">Export</h2>
      <p>Everything that is stored about the account, identifiers in the clear. That it was asked for is audited.</p>
      <button type="button" disabled={accountId === '' || ask.isPending} onClick={() => ask.mutate()}>
        Read what is stored
      </button>
      <FormProblem what="Not read" error={ask.error} />
      {ask.data !== undefined && <Record record={ask.data} />}
    </section>
  );
}

function Record({ record }: { readonly record: SubjectRecord }) {
  const save = (): void => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(record, undefined, 2)], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${record.account_id}.json`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div role="status" className="notice">
      <p>As of {new Date(record.exported_at).toLocaleString()}:</p>
      <ul>
        {sectionsOf(record).map(({ name, count }) => (
          <li key={name}>
            {name.replaceAll('_', ' ')}: {count}
          </li>
        ))}
      </ul>
      <button type="button" className="primary" onClick={save}>
        Save as a file
      </button>
    </div>
  );
}

/** What there is of each kind, without saying it on the screen. */
const sectionsOf = (record: SubjectRecord): readonly { readonly name: string; readonly count: string }[] =>
  Object.entries(record)
    .filter(([name]) => name !== 'account_id' && name !== 'exported_at')
    .map(([name, value]) => ({ name, count: countWords(value) }));

const countWords = (value: unknown): string => {
  if (Array.isArray(value)) return String(value.length);
  return value === null || value === undefined ? 'none' : 'stored';
};
