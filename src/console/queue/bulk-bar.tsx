import { useEffect, useId, useRef } from 'react';
import { Link } from 'wouter';
import type { ListedCase } from '../api/types.ts';
import { keepDraft, useDraft } from '../drafts/drafts.ts';
import { FormProblem } from '../parts/form-field.tsx';
import { CutText } from '../parts/safe-text.tsx';
import { isSenior, useSession } from '../session/session.ts';
import { bulkDraft, choices, type Ended, useBulkDecision } from './use-bulk-decision.ts';

/** As many as the service decides in one call. */
const atMost = 200;

interface BulkBarProps {
  readonly selected: readonly ListedCase[];
  /** How many of them the list does not have any more: a colleague may have taken them. */
  readonly away: number;
  readonly onClear: () => void;
  /** What had the focus here is gone. */
  readonly onLeave: () => void;
}

/** Decides the selected cases with one reason: each for itself, told what became of it, and taken back as one. */
export function BulkBar(props: BulkBarProps) {
  const { selected, onClear, onLeave } = props;
  const { reason = '' } = useDraft(bulkDraft);
  const { decide, ended, closeReport } = useBulkDecision(selected, reason.trim(), onClear);
  if (selected.length === 0 && ended.length === 0)
    return reason.trim() === '' ? null : (
      <p className="notice">You have written a reason for several cases, and not sent it: select some to see it.</p>
    );
  return (
    <section className="panel bulk" aria-label="Selected cases">
      {selected.length > 0 && <Selected {...props} reason={reason} decide={decide} />}
      {ended.length > 0 && (
        <Report
          ended={ended}
          onClose={() => {
            closeReport();
            onLeave();
          }}
        />
      )}
    </section>
  );
}

interface SelectedProps extends BulkBarProps {
  readonly reason: string;
  readonly decide: ReturnType<typeof useBulkDecision>['decide'];
}

function Selected({ selected, away, reason, decide, onClear, onLeave }: SelectedProps) {
  const { role } = useSession();
  const field = useId();
  const rings = selected.filter((one) => one.whole_ring).length;
  const isForSenior = rings > 0 && !isSenior(role);
  const isReady = !decide.isPending && reason.trim() !== '' && selected.length <= atMost;
  return (
    <div className="row">
      <strong role="status">
        {selected.length} selected{away > 0 && `, ${away} of them no longer in this list`}
      </strong>
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
        onChange={(event) => keepDraft(bulkDraft, { reason: event.target.value })}
      />
      {choices.map((choice) => (
        <button
          key={choice.decision}
          type="button"
          disabled={!isReady || (isForSenior && choice.decision !== 'request_verification')}
          onClick={() => decide.mutate(choice)}
        >
          {choice.title} {selected.length}
        </button>
      ))}
      <button
        type="button"
        disabled={decide.isPending}
        onClick={() => {
          onClear();
          onLeave();
        }}
      >
        Clear
      </button>
      {selected.length > atMost && <span className="late">At most {atMost} are decided at once.</span>}
      <FormProblem what="Not decided" error={decide.error} />
    </div>
  );
}

interface ReportProps {
  readonly ended: readonly Ended[];
  readonly onClose: () => void;
}

/** Those that were not decided are named; of the others their number is enough. */
function Report({ ended, onClose }: ReportProps) {
  const failed = ended.filter(({ isDone }) => !isDone);
  const told = useRef<HTMLParagraphElement>(null);
  // It comes in place of the button that was used.
  // biome-ignore lint/correctness/useExhaustiveDependencies: of each report anew
  useEffect(() => told.current?.focus(), [ended]);
  return (
    <>
      <p ref={told} role="status" tabIndex={-1}>
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
