import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { call } from '../api/client.ts';
import type { CaseDetail, Operations } from '../api/types.ts';
import { useKeys } from '../keyboard/keys.ts';
import { wordsOf } from '../parts/states.tsx';
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
const order: readonly Choice[] = ['approve', 'request_verification', 'reject'];

interface DecisionPanelProps {
  readonly found: CaseDetail;
  readonly token: string;
}

/** A choice, its reason, Enter: the decision, and the next case by itself. */
export function DecisionPanel({ found, token }: DecisionPanelProps) {
  const { role } = useSession();
  const open = isSenior(role) || !found.whole_ring ? order : order.filter((one) => one === 'request_verification');
  const [choice, setChoice] = useState<Choice>();
  const [label, setLabel] = useState<'' | 'fraud' | 'honest'>('');
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const reasonField = useRef<HTMLInputElement>(null);
  const decide = useDecision(found.id);

  const choose = (next: Choice): void => {
    setChoice(next);
    setReason(choices[next].reason);
    setLabel(next === 'reject' ? 'fraud' : '');
  };
  useEffect(() => {
    if (choice !== undefined) reasonField.current?.select();
  }, [choice]);
  useKeys(
    open.map((one) => ({ keys: choices[one].key, does: choices[one].title.toLowerCase(), run: () => choose(one) })),
  );

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (choice === undefined || reason.trim() === '') return;
    decide.mutate({
      claim_token: token,
      decision: choice,
      reason: reason.trim(),
      ...(label === '' ? {} : { label }),
      ...(note.trim() === '' ? {} : { note: note.trim() }),
    });
  };
  const leave = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setChoice(undefined);
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
            onChange={(event) => setReason(event.target.value)}
          />
          <label htmlFor="label">Label</label>
          <select id="label" value={label} onChange={(event) => setLabel(labelOf(event.target.value))}>
            <option value="">no label</option>
            <option value="honest">honest</option>
            <option value="fraud">fraud</option>
          </select>
          <label htmlFor="note">Note (optional)</label>
          <textarea
            id="note"
            rows={2}
            maxLength={10_000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <button type="submit" className="primary" disabled={decide.isPending}>
            {choices[choice].title} (Enter)
          </button>
        </>
      )}
      <p role="alert" className="form-problem">
        {decide.isError && `Not decided: ${wordsOf(decide.error)}.`}
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
      // What was asked for cannot be taken back, what was decided can.
      if (decision !== 'request_verification') decided([caseId], choices[decision].done);
      next.mutate();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['case', caseId] }),
  });
}
