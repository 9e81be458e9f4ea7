import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/** `live`: told of every change; `lost`: what is shown may be old. */
export type Liveness = 'live' | 'lost';

interface Changed {
  readonly topics: readonly string[];
  readonly cases: readonly string[] | null;
}

/** Which queries a topic of the audit trail makes old, by the first word of their key. */
const staleBy: Readonly<Record<string, readonly string[]>> = {
  case: ['cases', 'case', 'workload'],
  access: ['cases', 'case', 'accounts', 'overview'],
  account: ['accounts', 'case'],
  decision: ['overview', 'decisions'],
  verification: ['case'],
  label: ['case', 'rules', 'overview'],
  ring: ['rings', 'ring'],
  batch: ['rings', 'ring'],
  list: ['lists'],
  key: ['keys'],
  ruleset: ['rules', 'ruleset'],
};

function apply(client: QueryClient, { topics, cases }: Changed): void {
  const words = new Set(topics.flatMap((topic) => staleBy[topic] ?? []));
  void client.invalidateQueries({
    predicate: ({ queryKey: [word, id] }) =>
      words.has(String(word)) && (word !== 'case' || cases === null || cases.includes(String(id))),
  });
}

/** Follows what happens while a page is open. After a pause everything that is shown is asked for again. */
export function useLive(client: QueryClient): Liveness {
  const [liveness, setLiveness] = useState<Liveness>('live');
  useEffect(() => {
    const source = new EventSource('/v1/live');
    // What was asked for before the first `hello` may have missed something too.
    let wasLost = true;
    source.addEventListener('hello', () => {
      setLiveness('live');
      if (wasLost) void client.invalidateQueries();
      wasLost = false;
    });
    source.addEventListener('changed', (event) => apply(client, JSON.parse(event.data)));
    source.addEventListener('error', () => {
      wasLost = true;
      setLiveness('lost');
    });
    return () => source.close();
  }, [client]);
  return liveness;
}
