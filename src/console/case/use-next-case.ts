import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { call } from '../api/client.ts';
import { keepClaim } from './claims.ts';

/** Takes the most urgent case that nobody has and opens it; back to the queue when there is none. */
export function useNextCase() {
  const [, go] = useLocation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call('claimNextCase', {}),
    onSuccess: (claim) => {
      if (claim === undefined) go('/queue?done=1');
      else {
        keepClaim(claim);
        go(`/cases/${claim.case.id}`);
      }
      return client.invalidateQueries({ queryKey: ['cases'] });
    },
  });
}
