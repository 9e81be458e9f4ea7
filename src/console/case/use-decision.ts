import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { call, Unreachable } from '../api/client.ts';
import type { CaseDetail } from '../api/types.ts';
import { type Draft, dropDraft, keepDraft, useDraft } from '../drafts/drafts.ts';
import { useKeys } from '../keyboard/keys.ts';
import { deselect } from '../queue/queue-place.ts';
import { useSession } from '../session/session.ts';
import { dropClaim } from './claims.ts';
import { type Body, type Choice, choices, noteMost } from './decision-choices.ts';
import { useUndo } from './undo.tsx';
import { useNextCase } from './use-next-case.ts';

export type Written = ReturnType<typeof useWritten>;

/** What is written for the decision so far; it outlives the page. */
export function useWritten(caseId: string) {
  const draft = useDraft(caseId);
  const { choice, label = '', decisionNote = '', note = '' } = draft;
  const keep = (part: Draft): void => keepDraft(caseId, part);
  return {
    choice,
    label,
    decisionNote,
    note,
    reason: draft.reason ?? (choice === undefined ? '' : choices[choice].reason),
    /** What was written into the other form, and not sent, is not lost with the case. */
    notes: [decisionNote.trim(), note.trim()].filter((text) => text !== '').join('\n\n'),
    keep,
    choose: (next: Choice): void => keep({ choice: next, label: next === 'reject' ? 'fraud' : '' }),
  };
}

/** Undefined while something is missing, or too long. */
export function bodyOf({ choice, reason, label, notes }: Written, token: string): Body | undefined {
  if (choice === undefined || reason.trim() === '' || notes.length > noteMost) return undefined;
  return {
    claim_token: token,
    decision: choice,
    reason: reason.trim(),
    ...(label === '' ? {} : { label }),
    ...(notes === '' ? {} : { note: notes }),
  };
}

/** One key chooses and goes to the reason, Escape takes the choice back. */
export function useChoiceKeys(open: readonly Choice[], { choice, choose, keep }: Written) {
  const form = useRef<HTMLFormElement>(null);
  const reason = useRef<HTMLInputElement>(null);
  const [pressed, setPressed] = useState(0);
  // Where a choice was kept the page opens with it, and the focus stays where it is: Enter must not decide.
  useEffect(() => {
    if (pressed > 0) reason.current?.select();
  }, [pressed]);
  useKeys(
    open.map((one) => ({
      keys: choices[one].key,
      does: choices[one].title.toLowerCase(),
      run: () => {
        choose(one);
        setPressed(pressed + 1);
      },
    })),
  );
  const leave = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || choice === undefined) return;
    // It is not the Escape that leaves the case; the field that has the focus may go.
    event.preventDefault();
    form.current?.querySelector<HTMLInputElement>('input:checked')?.focus();
    keep({ choice: undefined });
  };
  return { form, reason, leave };
}

/** Decides, and takes the next case. */
export function useDecision(caseId: string) {
  const client = useQueryClient();
  const { key_id: me } = useSession();
  const { decided } = useUndo();
  const next = useNextCase();
  const isDone = ({ decision }: Body, at?: number): void => {
    dropClaim(caseId);
    dropDraft(caseId);
    deselect(me, caseId);
    // What was asked for cannot be taken back, what was decided can.
    if (decision !== 'request_verification') decided([caseId], choices[decision].done, at);
  };
  return useMutation({
    mutationFn: (body: Body) => call('decideCase', { params: { id: caseId }, body }),
    onMutate: () => ({ askedAt: Date.now() }),
    onSuccess: (_change, body) => {
      isDone(body);
      next.mutate();
    },
    onSettled: async (_change, error, body, asked) => {
      await client.invalidateQueries({ queryKey: ['case', caseId] });
      if (!(error instanceof Unreachable)) return;
      // The answer is lost; what it would have said stands in the case.
      const found = client.getQueryData<CaseDetail>(['case', caseId]);
      if (found?.decided_by === me && found.decision === body.decision) isDone(body, asked?.askedAt);
    },
  });
}
