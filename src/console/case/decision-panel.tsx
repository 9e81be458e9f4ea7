import type { FormEvent, RefObject } from 'react';
import type { CaseDetail } from '../api/types.ts';
import { notDone } from '../parts/states.tsx';
import { isSenior, useSession } from '../session/session.ts';
import { type Choice, choices, noteMost, order } from './decision-choices.ts';
import { bodyOf, useChoiceKeys, useDecision, useWritten, type Written } from './use-decision.ts';

interface DecisionPanelProps {
  readonly found: CaseDetail;
  readonly token: string;
}

/** A choice, its reason, Enter: the decision, and the next case by itself. */
export function DecisionPanel({ found, token }: DecisionPanelProps) {
  const { role } = useSession();
  const open = isSenior(role) || !found.whole_ring ? order : order.filter((one) => one === 'request_verification');
  const written = useWritten(found.id);
  const decide = useDecision(found.id);
  const { choice } = written;
  const { form, reason, leave } = useChoiceKeys(open, written);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const body = bodyOf(written, token);
    if (body !== undefined) decide.mutate(body);
  };
  return (
    <form className="panel" aria-label="Decision" ref={form} onSubmit={submit} onKeyDown={leave}>
      <Choices open={open} choice={choice} onChoose={written.choose} />
      {open.length < order.length && (
        <p className="hint">A senior releases or denies a whole ring: escalate this case, or ask for verification.</p>
      )}
      {choice !== undefined && (
        <>
          <p className="effect">{choices[choice].effect(found)}</p>
          <Grounds written={written} field={reason} />
          <button type="submit" className="primary" disabled={decide.isPending}>
            {choices[choice].title} (Enter)
          </button>
        </>
      )}
      <p role="alert" className="form-problem">
        {decide.isError && notDone('Not decided', decide.error)}
      </p>
    </form>
  );
}

interface ChoicesProps {
  readonly open: readonly Choice[];
  readonly choice: Choice | undefined;
  readonly onChoose: (choice: Choice) => void;
}

/** Arrows go from one to the next: a choice made here leaves the focus where it is. */
const Choices = ({ open, choice, onChoose }: ChoicesProps) => (
  <fieldset className="choices">
    <legend>Decision</legend>
    {order.map((one) => (
      <label key={one}>
        <input
          type="radio"
          name="decision"
          checked={choice === one}
          disabled={!open.includes(one)}
          onChange={() => onChoose(one)}
        />{' '}
        {choices[one].title} <kbd>{choices[one].key}</kbd>
      </label>
    ))}
  </fieldset>
);

interface GroundsProps {
  readonly written: Written;
  readonly field: RefObject<HTMLInputElement | null>;
}

/** Why, what it says of the account, and what else there is to say. */
function Grounds({ written: { reason, label, decisionNote, note, notes, keep }, field }: GroundsProps) {
  return (
    <>
      <label htmlFor="reason">Reason</label>
      <input
        id="reason"
        ref={field}
        required
        maxLength={2000}
        value={reason}
        onChange={(event) => keep({ reason: event.target.value })}
      />
      <label htmlFor="label">Label</label>
      <select id="label" value={label} onChange={(event) => keep({ label: labelOf(event.target.value) })}>
        <option value="">no label</option>
        <option value="honest">honest</option>
        <option value="fraud">fraud</option>
      </select>
      <label htmlFor="note">Note (optional)</label>
      <textarea
        id="note"
        rows={2}
        maxLength={noteMost}
        value={decisionNote}
        onChange={(event) => keep({ decisionNote: event.target.value })}
      />
      {note.trim() !== '' && (
        <p className="hint" role="status">
          {notes.length > noteMost
            ? 'The note below is too long to go with the decision: add it first.'
            : 'The note below, which is not added yet, goes with the decision.'}
        </p>
      )}
    </>
  );
}

const labelOf = (value: string): '' | 'fraud' | 'honest' => (value === 'fraud' || value === 'honest' ? value : '');
