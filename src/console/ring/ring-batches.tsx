import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import type { RingBatch } from '../api/types.ts';
import { AskTwice } from '../parts/ask-twice.tsx';
import { KeyName } from '../parts/key-name.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { Deadline, When } from '../parts/time.tsx';
import { may, useSession } from '../session/session.ts';
import { countWords, decisionWords, isAtWork, stateWords } from './batch-words.ts';

interface RingBatchesProps {
  readonly ringId: string;
  readonly now: number;
}

/** Looked at again this often while members are being told. */
const lookMs = 500;

/** What was decided about the ring, how far it has come, and the way back. */
export function RingBatches({ ringId, now }: RingBatchesProps) {
  const batches = useQuery({
    queryKey: ['ring', ringId, 'batches'],
    queryFn: ({ signal }) => call('listRingBatches', { params: { id: ringId }, signal }),
    refetchInterval: ({ state }) => (state.data?.data.some(isAtWork) === true ? lookMs : false),
  });
  return (
    <section aria-labelledby="decided">
      <h2 id="decided">Decisions</h2>
      <Shown what="the decisions" query={batches}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty>Nobody has decided about this ring as a whole.</Empty>
          ) : (
            <ul className="plain">
              {data.map((batch) => (
                <li key={batch.id} className="panel">
                  <Batch batch={batch} now={now} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
}

function Batch({ batch, now }: { readonly batch: RingBatch; readonly now: number }) {
  const session = useSession();
  const { verb, done } = decisionWords[batch.decision];
  return (
    <>
      <p>
        <strong>
          {verb}: {stateWords[batch.state]}
        </strong>
        , <When at={batch.created_at} now={now} /> by <KeyName id={batch.actor} />
        {batch.second !== null && (
          <>
            , confirmed by <KeyName id={batch.second} />
          </>
        )}
        : <SafeText text={batch.reason} />
      </p>
      {batch.expires_at !== null && (
        <p>
          It expires <Deadline at={batch.expires_at} now={now} />.
        </p>
      )}
      {batch.total > 0 && (
        <div role="status">
          <progress aria-label="Accounts looked at" value={batch.done} max={batch.total} /> {batch.done} of{' '}
          {batch.total} accounts
        </div>
      )}
      <ul className="chips">
        {countWords(batch.counts, done).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <Failures failed={batch.failed} />
      {may(session.role, ['senior']) && <Actions batch={batch} isMine={session.key_id === batch.actor} />}
    </>
  );
}

function Failures({ failed }: Pick<RingBatch, 'failed'>) {
  if (failed.length === 0) return null;
  return (
    <details>
      <summary>Not reached ({failed.length})</summary>
      <ul>
        {failed.map(({ account_id, reason }) => (
          <li key={account_id}>
            <SafeText text={account_id} limit={60} />: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Actions({ batch, isMine }: { readonly batch: RingBatch; readonly isMine: boolean }) {
  const client = useQueryClient();
  const { id, ring_id: ringId, state } = batch;
  const settled = { onSettled: () => client.invalidateQueries({ queryKey: ['ring', ringId] }) };
  const confirm = useMutation({
    mutationFn: () => call('confirmRingDecision', { params: { id: ringId, batch_id: id } }),
    ...settled,
  });
  const undo = useMutation({
    mutationFn: () => call('undoRingBatch', { params: { id: ringId }, body: { batch_id: id } }),
    ...settled,
  });
  const isWaiting = state === 'awaiting_second';
  return (
    <div className="row">
      {isWaiting && isMine && <p>You proposed it: somebody else has to confirm it.</p>}
      {isWaiting && !isMine && (
        <AskTwice
          does="Confirm the release"
          isPending={confirm.isPending}
          error={confirm.error}
          onSure={() => confirm.mutate()}
        />
      )}
      {(isWaiting || state === 'done' || state === 'planned') && (
        <AskTwice
          does={isWaiting ? 'Withdraw the proposal' : 'Take it back'}
          isPending={undo.isPending}
          error={undo.error}
          onSure={() => undo.mutate()}
        />
      )}
    </div>
  );
}
