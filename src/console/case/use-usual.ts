import { useQuery } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { may, useSession } from '../session/session.ts';
import type { UsualInput } from './usual-words.ts';

/** By the name of the input, once asked for; empty before, and for whoever may not read decisions of others. */
export function useUsual(decisionId: string, isAsked: boolean): ReadonlyMap<string, UsualInput> {
  const { role } = useSession();
  const { data } = useQuery({
    queryKey: ['usual', decisionId],
    enabled: isAsked && may(role, ['reviewer']),
    // What was usual when it was decided does not change.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call('getUsualInputs', { params: { id: decisionId }, signal }),
  });
  return new Map(data?.inputs.map((input) => [input.name, input]));
}
