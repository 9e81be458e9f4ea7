interface Edge {
  readonly account: string;
  readonly key: string;
}

/** The shortest way over accounts and keys in turn, both ends included; undefined when there is none. */
export function pathBetween(edges: readonly Edge[], from: string, to: string): readonly string[] | undefined {
  const next = new Map<string, string[]>();
  const add = (one: string, other: string): void => void next.set(one, [...(next.get(one) ?? []), other]);
  // Accounts and keys are told apart, so that neither can pass for the other.
  for (const { account, key } of edges) {
    add(`a ${account}`, `k ${key}`);
    add(`k ${key}`, `a ${account}`);
  }
  const cameFrom = new Map<string, string | undefined>([[`a ${from}`, undefined]]);
  for (const place of cameFrom.keys()) {
    if (place === `a ${to}`) return wayTo(place, cameFrom);
    for (const other of next.get(place) ?? []) if (!cameFrom.has(other)) cameFrom.set(other, place);
  }
  return undefined;
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string | undefined>): string[] {
  const way: string[] = [];
  for (let place: string | undefined = end; place !== undefined; place = cameFrom.get(place))
    way.unshift(place.slice(2));
  return way;
}
