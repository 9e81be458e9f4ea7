import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client.ts';
import type { ListedCase, Operations } from '../api/types.ts';
import { useUndo } from '../case/undo.tsx';
import { dropDraft } from '../drafts/drafts.ts';

export const choices = [
  { decision: 'approve', title: 'Approve', done: 'approved' },
  { decision: 'request_verification', title: 'Ask for verification', done: 'asked for verification' },
  { decision: 'reject', title: 'Reject', done: 'rejected' },
] as const;
type Choice = (typeof choices)[number];

/** Under this the reason is kept, whichever cases are selected. */
export const bulkDraft = 'selected';

export interface Ended {
  readonly id: string;
  readonly account: string;
  readonly words: string;
  readonly isDone: boolean;
}

/** Decides the selected cases in one call; what became of each stays to be read until the report is closed. */
export function useBulkDecision(selected: readonly ListedCase[], reason: string, onDone: () => void) {
  const client = useQueryClient();
  const [ended, setEnded] = useState<readonly Ended[]>([]);
  const { decided } = useUndo();
  const decide = useMutation({
    mutationFn: ({ decision }: Choice) =>
      call('decideCases', { body: { case_ids: selected.map(({ id }) => id), decision, reason } }),
    onSuccess: (answer, choice) => {
      const ends = endsOf(answer, selected, choice);
      const done = ends.filter(({ isDone }) => isDone).map(({ id }) => id);
      setEnded(ends);
      // Whoever selects the others again has the reason still.
      if (done.length === ends.length) dropDraft(bulkDraft);
      onDone();
      if (answer.undo_until !== null) decided(done, `${done.length} ${choice.done}.`);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['cases'] }),
  });
  return { decide, ended, closeReport: () => setEnded([]) };
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
