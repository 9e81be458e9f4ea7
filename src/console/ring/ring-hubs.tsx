import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/client.ts';
import type { RingHubMark } from '../api/types.ts';
import { AskTwice } from '../parts/ask-twice.tsx';
import { FormProblem } from '../parts/form-field.tsx';
import { KeyName } from '../parts/key-name.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { Shown } from '../parts/states.tsx';
import { When } from '../parts/time.tsx';
import { may, useSession } from '../session/session.ts';

/** The key is shared by right, or by chance: it is to link nobody. */
export function MarkHub({ ringId, keyId }: { readonly ringId: string; readonly keyId: string }) {
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const mark = useMutation({
    mutationFn: () => call('markRingHub', { params: { id: ringId }, body: { key: keyId, reason: reason.trim() } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['ring', ringId] }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mark.mutate();
  };
  if (mark.isSuccess) return <span role="status">marked; the ring is being built again</span>;
  if (!isOpen)
    return (
      <button type="button" aria-label={`Mark as a hub: ${keyId}`} onClick={() => setOpen(true)}>
        Mark as a hub
      </button>
    );
  return (
    <form onSubmit={submit} aria-label={`Mark as a hub: ${keyId}`}>
      <label>
        Reason <input required maxLength={2000} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>{' '}
      <button type="submit" disabled={mark.isPending}>
        Mark as a hub
      </button>
      <FormProblem what="Not marked" error={mark.error} />
    </form>
  );
}

/** Keys that people took out of the ring. */
export function RingHubs({ ringId, now }: { readonly ringId: string; readonly now: number }) {
  const hubs = useQuery({
    queryKey: ['ring', ringId, 'hubs'],
    queryFn: ({ signal }) => call('listRingHubs', { params: { id: ringId }, signal }),
  });
  return (
    <Shown what="the hubs" query={hubs}>
      {({ data }) =>
        data.length > 0 && (
          <section aria-labelledby="hubs">
            <h2 id="hubs">Keys that people marked as hubs</h2>
            <ul>
              {data.map((mark) => (
                <li key={`${mark.key} ${mark.at}`}>
                  <Mark mark={mark} now={now} />
                </li>
              ))}
            </ul>
          </section>
        )
      }
    </Shown>
  );
}

function Mark({ mark, now }: { readonly mark: RingHubMark; readonly now: number }) {
  const client = useQueryClient();
  const { role } = useSession();
  const remove = useMutation({
    mutationFn: () => call('unmarkRingHub', { params: { id: mark.ring_id, key: mark.key } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['ring'] }),
  });
  return (
    <>
      {mark.link} <code>{mark.key}</code>, <When at={mark.at} now={now} /> by <KeyName id={mark.actor} />:{' '}
      <SafeText text={mark.reason} />{' '}
      {mark.removed_at !== null ? (
        <>
          (taken away <When at={mark.removed_at} now={now} />)
        </>
      ) : (
        may(role, ['senior']) && (
          <AskTwice
            does={`Let ${mark.key} link again`}
            isPending={remove.isPending}
            error={remove.error}
            onSure={() => remove.mutate()}
          />
        )
      )}
    </>
  );
}
