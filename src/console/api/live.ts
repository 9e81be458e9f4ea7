import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/** Told of every change, or not since then: what is shown may be old. */
export type Liveness = 'connecting' | 'live' | { readonly lostSince: number };

/** The service sends a beat every four seconds. */
const silentMs = 12_000;

interface Changed {
  readonly topics: readonly string[];
  readonly cases: readonly string[] | null;
}

/** Which queries a topic of the audit trail makes old, by the first word of their key. */
const staleBy: Readonly<Record<string, readonly string[]>> = {
  case: ['cases', 'case', 'workload'],
  access: ['cases', 'case', 'accounts', 'overview'],
  account: ['accounts', 'case'],
  decision: ['overview', 'decisions', 'case'],
  verification: ['case'],
  label: ['case', 'rules', 'overview'],
  ring: ['rings', 'ring'],
  batch: ['rings', 'ring'],
  list: ['lists'],
  key: ['keys'],
  ruleset: ['rules', 'ruleset'],
};

/** They name an account, and often no case: whichever case is shown may be of that account. */
const ofAnyCase: ReadonlySet<string> = new Set(['access', 'account']);

/** What is erased may stand on any page: of what is out of sight nothing is kept, all that is shown is asked for anew. */
function applyErasure(client: QueryClient): void {
  client.removeQueries({ type: 'inactive' });
  void client.invalidateQueries();
}

function apply(client: QueryClient, { topics, cases }: Changed): void {
  if (topics.includes('subject')) {
    applyErasure(client);
    return;
  }
  const words = new Set(topics.flatMap((topic) => staleBy[topic] ?? []));
  const isAnyCase = cases === null || topics.some((topic) => ofAnyCase.has(topic));
  void client.invalidateQueries({
    predicate: ({ queryKey: [word, id] }) =>
      words.has(String(word)) && (word !== 'case' || isAnyCase || cases.includes(String(id))),
  });
}

interface Listener {
  readonly onLive: () => void;
  readonly onLost: (since: number) => void;
  readonly onChanged: (changed: Changed) => void;
}

/** Listens until it is stopped. A connection that hangs tells of no error: silence ends it, and another is made. */
function listen({ onLive, onLost, onChanged }: Listener): () => void {
  let heardAt = Date.now();
  let silence: ReturnType<typeof setTimeout>;
  let source: EventSource;
  const heard = (): void => {
    heardAt = Date.now();
    clearTimeout(silence);
    silence = setTimeout(again, silentMs);
  };
  const connect = (): void => {
    source = new EventSource('/v1/live');
    source.addEventListener('hello', () => {
      heard();
      onLive();
    });
    source.addEventListener('beat', heard);
    source.addEventListener('changed', ({ data }) => {
      heard();
      onChanged(JSON.parse(data));
    });
    source.addEventListener('error', () => onLost(heardAt));
    clearTimeout(silence);
    silence = setTimeout(again, silentMs);
  };
  const again = (): void => {
    onLost(heardAt);
    source.close();
    connect();
  };
  connect();
  return () => {
    clearTimeout(silence);
    source.close();
  };
}

/** Follows what happens while a page is open. After a pause everything that is shown is asked for again. */
export function useLive(client: QueryClient): Liveness {
  const [liveness, setLiveness] = useState<Liveness>('connecting');
  useEffect(() => {
    // What was asked for before the first `hello` may have missed something too.
    let wasLost = true;
    return listen({
      onLive: () => {
        setLiveness('live');
        if (wasLost) void client.invalidateQueries();
        wasLost = false;
      },
      onLost: (lostSince) => {
        wasLost = true;
        setLiveness((before) => (typeof before === 'object' ? before : { lostSince }));
      },
      onChanged: (changed) => apply(client, changed),
    });
  }, [client]);
  return liveness;
}
