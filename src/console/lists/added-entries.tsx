import { useMutation } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import type { ListEntry } from '../api/types.ts';
import { AskTwice } from '../parts/ask-twice.tsx';
import { KeyName } from '../parts/key-name.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { notDone } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { Deadline, When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { useSession } from '../session/session.ts';
import { useListsAgain } from './add-entry.tsx';

interface AddedEntriesProps {
  readonly list: string;
  readonly entries: readonly ListEntry[];
}

export function AddedEntries({ list, entries }: AddedEntriesProps) {
  const now = useNow();
  return (
    <div className="scroll">
      <table>
        <TableHead columns={['Value', 'Reason', 'Added', 'Until', 'State', 'Change']} />
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td>
                <SafeText text={entry.value} limit={80} />
              </td>
              <td>
                <SafeText text={entry.reason ?? ''} />
              </td>
              <td>
                {entry.added_at !== null && <When at={entry.added_at} now={now} />}{' '}
                {entry.added_by !== null && (
                  <>
                    by <KeyName id={entry.added_by} />
                  </>
                )}
              </td>
              <td>{entry.expires_at === null ? 'no end' : <Deadline at={entry.expires_at} now={now} />}</td>
              <td>{entry.state === 'pending' ? 'waits: nothing reads it yet' : 'in use'}</td>
              <td>
                <Change list={list} entry={entry} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Change({ list, entry }: { readonly list: string; readonly entry: ListEntry }) {
  const { key_id: me } = useSession();
  const again = useListsAgain(list);
  const params = { name: list, value: entry.value };
  const confirm = useMutation({ mutationFn: () => call('confirmListEntry', { params }), onSuccess: again });
  const remove = useMutation({ mutationFn: () => call('removeListEntry', { params }), onSuccess: again });
  return (
    <div className="row">
      {entry.state === 'pending' &&
        (entry.added_by === me ? (
          <span>somebody else confirms it</span>
        ) : (
          <button type="button" disabled={confirm.isPending} onClick={() => confirm.mutate()}>
            Confirm {shown(entry.value)}
          </button>
        ))}
      {confirm.isError && (
        <span role="alert" className="form-problem">
          {notDone('Not confirmed', confirm.error)}
        </span>
      )}
      <AskTwice
        does={`Remove ${shown(entry.value)}`}
        isPending={remove.isPending}
        error={remove.error}
        onSure={() => remove.mutate()}
      />
    </div>
  );
}

/** On a button: letters, digits and marks of addresses, as everything else may turn around what stands beside it. */
const shown = (value: string): string => value.replace(/[^\p{L}\p{N}.:/@_+-]/gu, '·').slice(0, 40);
