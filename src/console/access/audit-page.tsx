import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useSearchParams } from 'wouter';
import { call } from '../api/client.ts';
import type { AuditEntry } from '../api/types.ts';
import { accountIdMaxLength } from '../parts/account-id.ts';
import { Field, FormProblem } from '../parts/form-field.tsx';
import { More } from '../parts/more.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';

/** What the trail can be asked for, by the name that the service has for it. */
const fields = [
  { name: 'subject', title: 'About', hint: 'Id of an account, a case, a ring, a rule, a list.' },
  { name: 'actor', title: 'By', hint: 'Id of a key, or system.' },
  { name: 'kind', title: 'What', hint: 'case.decided; case. for all that begin so.' },
] as const;

/** Days are not typed: they are always understood. */
const besideFields = fields.map(({ name }) => `/${name}`);

type Name = (typeof fields)[number]['name'] | 'since' | 'until';
type Filter = Readonly<Partial<Record<Name, string>>>;
const names: readonly Name[] = [...fields.map(({ name }) => name), 'since', 'until'];

/** Who did what, newest first. */
export default function AuditPage() {
  const [search, setSearch] = useSearchParams();
  const filter: Filter = Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = search.get(name);
      return value === null || value === '' ? [] : [[name, value]];
    }),
  );
  const entries = useInfiniteQuery({
    queryKey: ['audit', filter],
    initialPageParam: '',
    queryFn: ({ pageParam: cursor, signal }) => call('listAudit', { query: { ...filter, limit: 100, cursor }, signal }),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <>
      <h1>Audit trail</h1>
      <FilterForm filter={filter} error={entries.error} onFilter={(next) => setSearch({ ...next })} />
      <Shown what="the trail" query={entries}>
        {({ pages }) => {
          const rows = pages.flatMap(({ data }) => data);
          return rows.length === 0 ? <Empty>Nothing is recorded that matches.</Empty> : <Trail rows={rows} />;
        }}
      </Shown>
      <More query={entries} />
    </>
  );
}

interface FilterFormProps {
  readonly filter: Filter;
  readonly error: unknown;
  readonly onFilter: (filter: Filter) => void;
}

function FilterForm({ filter, error, onFilter }: FilterFormProps) {
  const [draft, setDraft] = useState(filter);
  const set = (name: Name, value: string): void => setDraft({ ...draft, [name]: value });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onFilter(draft);
  };
  return (
    <form className="panel panel-fields" aria-label="Filter" onSubmit={submit}>
      {fields.map(({ name, title, hint }) => (
        <Field key={name} label={title} pointer={`/${name}`} error={error} hint={hint}>
          {(props) => (
            <input
              {...props}
              maxLength={accountIdMaxLength}
              value={draft[name] ?? ''}
              onChange={({ target }) => set(name, target.value)}
            />
          )}
        </Field>
      ))}
      <Day name="since" title="From" value={draft.since} onChange={set} />
      <Day name="until" title="Until" value={draft.until} onChange={set} />
      <div className="row">
        <button type="submit" className="primary">
          Filter
        </button>
        <button
          type="button"
          onClick={() => {
            setDraft({});
            onFilter({});
          }}
        >
          Show all
        </button>
      </div>
      <FormProblem what="Not shown" error={error} beside={besideFields} />
    </form>
  );
}

interface DayProps {
  readonly name: 'since' | 'until';
  readonly title: string;
  readonly value: string | undefined;
  readonly onChange: (name: Name, value: string) => void;
}

/** Midnight of a day, in the time of whoever looks. */
function Day({ name, title, value, onChange }: DayProps) {
  const day = value === undefined || value === '' ? '' : localDay(new Date(value));
  return (
    <Field label={title} pointer={`/${name}`} error={undefined}>
      {(props) => (
        <input
          {...props}
          type="date"
          value={day}
          onChange={({ target }) =>
            onChange(name, target.value === '' ? '' : new Date(`${target.value}T00:00`).toISOString())
          }
        />
      )}
    </Field>
  );
}

const localDay = (at: Date): string =>
  [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

function Trail({ rows }: { readonly rows: readonly AuditEntry[] }) {
  const now = useNow();
  return (
    <div className="scroll">
      <table>
        <TableHead columns={['When', 'By', 'What', 'About', 'More']} />
        <tbody>
          {rows.map(({ seq, at, actor, kind, subject, detail }) => (
            <tr key={seq}>
              <td>
                <When at={at} now={now} />
              </td>
              <td>
                <code>{actor}</code>
              </td>
              <td>{kind}</td>
              <td>
                <SafeText text={subject} limit={80} />
              </td>
              <td>
                {Object.keys(detail).length > 0 && (
                  <details>
                    <summary>Detail of entry {seq}</summary>
                    <div className="raw">
                      <SafeText text={JSON.stringify(detail, undefined, 2)} limit={4000} hasLines />
                    </div>
                  </details>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
