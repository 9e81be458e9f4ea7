import { useQuery } from '@tanstack/react-query';
import { ApiProblem, call } from '../api/client.ts';
import type { KeptRuleset } from '../api/types.ts';

/** A rule set as it was when it decided; null while it has decided nothing. What has this hash never changes. */
export const useKeptRuleset = (hash: string) =>
  useQuery<KeptRuleset | null>({
    queryKey: ['kept-ruleset', hash],
    staleTime: ({ state }) => (state.data === null ? 0 : Number.POSITIVE_INFINITY),
    // It is kept a moment after its first decision.
    refetchInterval: ({ state }) => (state.data === null ? 3_000 : false),
    queryFn: async ({ signal }) => {
      try {
        return await call('getKeptRuleset', { params: { id: hash }, signal });
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null;
        throw error;
      }
    },
  });

/** Where a version of the rules is shown; with a place in it. */
export const rulesetPath = (hash: string, file?: string, line?: number): string => {
  const place = new URLSearchParams({
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line: String(line) }),
  });
  const path = `/rulesets/${hash}`;
  return place.size === 0 ? path : `${path}?${place}`;
};
