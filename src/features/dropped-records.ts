/** What a server that keeps history says of what it dropped because its memory was full. */
export interface DropReading {
  /** Another one after each start of the server. */
  readonly runId: string;
  /** Records, since it started; what ran out is none of them. */
  readonly dropped: number;
  /** By which it drops more when its memory is full; undefined where it drops none. */
  readonly policy: string | undefined;
  /** Its memory is full, or nearly so. */
  readonly isAtLimit: boolean;
}

/** What was last seen of all servers. */
export interface SeenDrops {
  readonly droppedByRun: Readonly<Record<string, number>>;
  readonly mayDrop: boolean;
}

export const mayDrop = (servers: readonly DropReading[]): boolean => servers.some(({ policy }) => policy !== undefined);

/** In an order of its own, so that the same is the same text. */
export function seenDrops(servers: readonly DropReading[]): SeenDrops {
  const runs = servers.map(({ runId, dropped }) => [runId, dropped] as const);
  return { droppedByRun: Object.fromEntries(runs.sort(([a], [b]) => (a < b ? -1 : 1))), mayDrop: mayDrop(servers) };
}

/**
 * Did they drop records since they were last seen? Of a server that started since, or whose count was set back, nobody can
 * tell what it dropped before: that it dropped nothing is believed only where neither its settings nor those of before let it.
 */
export function haveDropped(servers: readonly DropReading[], seen: SeenDrops | undefined): boolean {
  const couldUnseen = seen?.mayDrop === true || mayDrop(servers);
  return servers.some(({ runId, dropped }) => {
    const before = seen?.droppedByRun[runId];
    return before === undefined || dropped < before ? dropped > 0 || couldUnseen : dropped > before;
  });
}
