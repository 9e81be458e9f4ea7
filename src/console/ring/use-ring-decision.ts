import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client.ts';
import type { Operations } from '../api/types.ts';
import { dropDraft } from '../drafts/drafts.ts';

export type Body = Operations['decideRing']['body'];

/** A decision about a whole ring, first tried, then done; what was tried holds only for what is written now. */
export function useRingDecision(ringId: string, body: Body) {
  const client = useQueryClient();
  const asked = JSON.stringify(body);
  const [triedAs, setTriedAs] = useState('');
  const [sent, setSent] = useState<readonly string[]>([]);
  const trial = useMutation({
    mutationFn: () => call('decideRing', { params: { id: ringId }, body: { ...body, dry_run: true } }),
  });
  const doing = useMutation({
    mutationFn: () => call('decideRing', { params: { id: ringId }, body }),
    onSuccess: () => {
      trial.reset();
      dropDraft(ringId);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['ring', ringId] }),
  });
  const tryOut = (): void => {
    doing.reset();
    setTriedAs(asked);
    setSent(body.exclude ?? []);
    trial.mutate();
  };
  const tried = trial.data?.dry_run === true && triedAs === asked ? trial.data : undefined;
  return { trial, doing, tried, sent, tryOut };
}
