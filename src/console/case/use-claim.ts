import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiProblem, call } from '../api/client.ts';
import { dropClaim, keepClaim, useHeldClaim } from './claims.ts';

/** Well within the lease, so that one lost beat costs nothing. */
const beatMs = 20_000;

/** This tab's claim on a case: taken, kept alive while the page is open, given back. */
export function useClaim(caseId: string) {
  const client = useQueryClient();
  const held = useHeldClaim(caseId);
  const token = held?.claim_token;
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: ['case', caseId] });

  const claim = useMutation({
    mutationFn: () => call('claimCase', { params: { id: caseId } }),
    onSuccess: keepClaim,
    onSettled: refresh,
  });
  const giveBack = useMutation({
    mutationFn: () => call('unclaimCase', { params: { id: caseId }, body: { claim_token: token ?? '' } }),
    // Not before it is known who has it now: for a moment it would seem to be another tab.
    onSettled: async () => {
      await refresh();
      dropClaim(caseId);
    },
  });

  useEffect(() => {
    if (token === undefined) return;
    const beat = async (): Promise<void> => {
      try {
        keepClaim(await call('keepCase', { params: { id: caseId }, body: { claim_token: token } }));
      } catch (error) {
        // Someone else has it, or it is decided; a service that is away for a moment says neither.
        if (error instanceof ApiProblem && error.status < 500) {
          // A session that has ended leaves the claim to whoever signs in again.
          if (error.status !== 401) dropClaim(caseId);
          await client.invalidateQueries({ queryKey: ['case', caseId] });
        }
      }
    };
    const timer = setInterval(() => void beat(), beatMs);
    return () => clearInterval(timer);
  }, [caseId, token, client]);

  return { token, claim, giveBack };
}
