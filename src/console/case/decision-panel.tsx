import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { call } from '../api/client.ts';
import type { CaseDetail, Operations } from '../api/types.ts';
import { type Draft, dropDraft, keepDraft, useDraft } from '../drafts/drafts.ts';
import { useKeys } from '../keyboard/keys.ts';
import { notDone } from '../parts/states.tsx';
import { accountsWords } from '../ring/ring-words.ts';
import { isSenior, useSession } from '../session/session.ts';
import { dropClaim } from './claims.ts';
import { useUndo } from './undo.tsx';
import { useNextCase } from './use-next-case.ts';

type Body = Operations['decideCase']['body'];
type Choice = Body['decision'];

interface ChoiceInfo {
  readonly key: string;
  readonly title: string;
  readonly reason: string;
  readonly done: string;
  /** What will happen, before it does. */
  readonly effect: (found: CaseDetail) => string;
}

const who = (found: CaseDetail): string =>
  found.whole_ring ? `every member of the ring (${sizeWords(found)})` : 'the account';

const sizeWords = ({ ring }: CaseDetail): string =>
  ring === null || ring.size === null ? 'size unknown' : accountsWords(ring.size);

const choices: Readonly<Record<Choice, ChoiceInfo>> = {
  approve: {
    key: 'a',
    title: 'Approve',
    reason: 'looks honest on review',
    done: 'Approved.',
    effect: (found) => `In ten seconds ${who(found)} may use the API.`,
  },
  request_verification: {
    key: 'v',
    title: 'Ask for verification',
    reason: 'needs proof',
    done: 'Verification asked for.',
    effect: (found) =>
      `${who(found)} stays held and is asked for: ${found.verify.length === 0 ? 'email' : found.verify.join(', ')}.`,
  },
  reject: {
    key: 'r',
    title: 'Reject',
    reason: 'fraudulent',
    done: 'Rejected.',
    effect: (found) => `At once ${who(found)} is denied.`,
  },
};
/** As the service has it. */
const noteMost = 10_000;
const order: readonly Choice[] = ['approve', 'request_verification', 'reject'];

interface DecisionPanelProps {
  readonly found: CaseDetail;
  readonly token: string;
}

/** A choice, its reason, Enter: the decision, and the next case by itself. */
export function DecisionPanel({ found, token }: DecisionPanelProps) {
  const { role } = useSession();
  const open = isSenior(role) || !found.whole_ring ? order : order.filter((one) => one === 'request_verification');
  const draft = useDraft(found.id);
  const { choice, label = '', decisionNote = '', note = '' } = draft;
  const reason = draft.reason ?? (choice === undefined ? '' : choices[choice].reason);
  const keep = (part: Draft): void => keepDraft(found.id, part);
  const [chosen, setChosen] = useState(0);
  const reasonField = useRef<HTMLInputElement>(null);
  const decide = useDecision(found.id);
  /** What was written into the other form, and not sent, is not lost with the case. */
  const notes = [decisionNote.trim(), note.trim()].filter((text) => text !== '').join('\n\n');

  const choose = (next: Choice): void => {
    keep({ choice: next, label: next === 'reject' ? 'fraud' : '' });
    setChosen(chosen + 1);
  };
  // Where a choice was kept the page opens with it, and the focus stays where it is: Enter must not decide.
  useEffect(() => {
    if (chosen > 0) reasonField.current?.select();
  }, [chosen]);
  useKeys(
    open.map((one) => ({ keys: choices[one].key, does: choices[one].title.toLowerCase(), run: () => choose(one) })),
  );

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (choice === undefined || reason.trim() === '' || notes.length > noteMost) return;
    decide.mutate({
      claim_token: token,
      decision: choice,
      reason: reason.trim(),
      ...(label === '' ? {} : { label }),
      ...(notes === '' ? {} : { note: notes }),
    });
  };
  const leave = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') keep({ choice: undefined });
  };
  return (
    <form className="panel" aria-label="Decision" onSubmit={submit} onKeyDown={leave}>
      <fieldset className="choices">
        <legend>Decision</legend>
        {order.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="decision"
              checked={choice === one}
              disabled={!open.includes(one)}
              onChange={() => choose(one)}
            />{' '}
            {choices[one].title} <kbd>{choices[one].key}</kbd>
          </label>
        ))}
      </fieldset>
      {open.length < order.length && (
        <p className="hint">A senior releases or denies a whole ring: escalate this case, or ask for verification.</p>
      )}
      {choice !== undefined && (
        <>
          <p className="effect">{choices[choice].effect(found)}</p>
          <label htmlFor="reason">Reason</label>
          <input
            id="reason"
            ref={reasonField}
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

const labelOf = (value: string): '' | 'fraud' | 'honest' => (value === 'fraud' || value === 'honest' ? value : '');

function useDecision(caseId: string) {
  const client = useQueryClient();
  const { decided } = useUndo();
  const next = useNextCase();
  return useMutation({
    mutationFn: (body: Body) => call('decideCase', { params: { id: caseId }, body }),
    onSuccess: (_change, { decision }) => {
      dropClaim(caseId);
      dropDraft(caseId);
      // What was asked for cannot be taken back, what was decided can.
      if (decision !== 'request_verification') decided([caseId], choices[decision].done);
      next.mutate();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['case', caseId] }),
  });
}
