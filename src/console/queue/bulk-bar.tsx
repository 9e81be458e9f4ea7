import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Link } from 'wouter';
import { call } from '../api/client.ts';
import type { ListedCase, Operations } from '../api/types.ts';
import { useUndo } from '../case/undo.tsx';
import { FormProblem } from '../parts/form-field.tsx';
import { CutText } from '../parts/safe-text.tsx';
import { isSenior, useSession } from '../session/session.ts';

const choices = [
  { decision: 'approve', title: 'Approve', done: 'approved' },
  { decision: 'request_verification', title: 'Ask for verification', done: 'asked for verification' },
  { decision: 'reject', title: 'Reject', done: 'rejected' },
] as const;
type Choice = (typeof choices)[number];

/** As many as the service decides in one call. */
const atMost = 200;

interface Ended {
  readonly id: string;
  readonly account: string;
  readonly words: string;
  readonly isDone: boolean;
}

interface BulkBarProps {
  readonly selected: readonly ListedCase[];
  readonly onClear: () => void;
}

/** Decides the selected cases with one reason: each for itself, told what became of it, and taken back as one. */
export function BulkBar({ selected, onClear }: BulkBarProps) {
  const client = useQueryClient();
  const { role } = useSession();
  const [reason, setReason] = useState('');
  const [ended, setEnded] = useState<readonly Ended[]>([]);
  const field = useId();
  const refresh = () => client.invalidateQueries({ queryKey: ['cases'] });
  const { decided } = useUndo();
  const decide = useMutation({
    mutationFn: ({ decision }: Choice) =>
      call('decideCases', { body: { case_ids: selected.map(({ id }) => id), decision, reason: reason.trim() } }),
    onSuccess: (answer, choice) => {
      const ends = endsOf(answer, selected, choice);
      const done = ends.filter(({ isDone }) => isDone).map(({ id }) => id);
      setEnded(ends);
      onClear();
      if (answer.undo_until !== null) decided(done, `${done.length} ${choice.done}.`);
    },
    onSettled: refresh,
  });
  if (selected.length === 0 && ended.length === 0) return null;
  const rings = selected.filter((one) => one.whole_ring).length;
  const isForSenior = rings > 0 && !isSenior(role);
  return (
    <section className="panel bulk" aria-label="Selected cases">
      {selected.length > 0 && (
        <div className="row">
          <strong role="status">{selected.length} selected</strong>
          {rings > 0 && (
            <span>
              {rings} of them whole rings{isForSenior && ', which a senior releases or denies'}
            </span>
          )}
          <label htmlFor={field}>Reason</label>
          <input
            id={field}
            maxLength={2000}
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          {choices.map((choice) => (
            <button
              key={choice.decision}
              type="button"
              disabled={
                decide.isPending ||
                reason.trim() === '' ||
                selected.length > atMost ||
                (isForSenior && choice.decision !== 'request_verification')
              }
              onClick={() => decide.mutate(choice)}
            >
              {choice.title} {selected.length}
            </button>
          ))}
          <button type="button" disabled={decide.isPending} onClick={onClear}>
            Clear
          </button>
          {selected.length > atMost && <span className="late">At most {atMost} are decided at once.</span>}
          <FormProblem what="Not decided" error={decide.error} />
        </div>
      )}
      {ended.length > 0 && <Report ended={ended} onClose={() => setEnded([])} />}
    </section>
  );
}

interface ReportProps {
  readonly ended: readonly Ended[];
  readonly onClose: () => void;
}

/** Those that were not decided are named; of the others their number is enough. */
function Report({ ended, onClose }: ReportProps) {
  const failed = ended.filter(({ isDone }) => !isDone);
  return (
    <>
      <p role="status">
        {ended.length - failed.length} decided, {failed.length} not.
      </p>
      {failed.length > 0 && (
        <ul className="ended">
          {failed.map(({ id, account, words }) => (
            <li key={id}>
              <span aria-hidden="true">✕</span>{' '}
              <Link href={`/cases/${id}`}>
                <CutText text={account} limit={40} />
              </Link>
              : {words}
            </li>
          ))}
        </ul>
      )}
      <button type="button" onClick={onClose}>
        Close the report
      </button>
    </>
  );
}

const endsOf = (
  { data }: Operations['decideCases']['reply'],
  selected: readonly ListedCase[],
  choice: Choice,
): readonly Ended[] =>
  data.map(({ case_id: id, problem }) => ({
    id,
    account: selected.find((one) => one.id === id)?.account_id ?? id,
    words: problem === null ? choice.done : `not decided, ${problem.detail ?? problem.code}`,
    isDone: problem === null,
  }));
