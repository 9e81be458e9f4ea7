import type { Instant } from '../model/time.js';
import type { Ring } from './ring.js';
import type { RingBatch } from './ring-batch.js';
import { noChanges, type RingChanges } from './ring-changes.js';
import { figuresOf } from './ring-figures.js';

/** The rings as they are after the changes; by the id of one that went into another too. */
interface CurrentRings {
  ring(ringId: string): Ring | undefined;
}

const lastOf = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];

/** Those of a ring that has ended since lead nowhere. */
const leadingNow = (aliases: readonly string[], rings: CurrentRings): RingBatch['aliases'] =>
  [...new Set(aliases)].flatMap((id) => {
    const into = rings.ring(id)?.id;
    return into === undefined || into === id ? [] : [{ id, into }];
  });

/** Many changes as one batch: of what changed several times only the last is written. */
export function collectBatch(changes: readonly RingChanges[], rings: CurrentRings, at: Instant): RingBatch {
  const touched = new Set(changes.flatMap((change) => [...change.touched].flatMap((id) => rings.ring(id) ?? [])));
  const all = <T>(pick: (change: RingChanges) => readonly T[]): T[] => changes.flatMap(pick);
  return {
    at,
    rings: [...touched].map((ring) => figuresOf(ring, at)),
    merged: all(({ merged }) => merged),
    aliases: leadingNow(
      all(({ aliases }) => aliases),
      rings,
    ),
    ended: [...new Set(all(({ ended }) => ended))].filter((id) => rings.ring(id) === undefined),
    members: lastOf(
      all(({ members }) => members),
      ({ accountId }) => accountId,
    ),
    keys: lastOf(
      all(({ keys }) => keys),
      ({ key }) => key,
    ),
    hubs: lastOf(
      all(({ hubs }) => hubs),
      ({ key }) => key,
    ),
  };
}

export const isEmptyBatch = ({ rings, merged, aliases, ended, members, keys, hubs }: RingBatch): boolean =>
  [rings, merged, aliases, ended, members, keys, hubs].every(({ length }) => length === 0);

/** Much changes at once in a rebuild: the same in parts that hold nothing up. Rings come first, then what leads to them. */
export function* splitChanges(changes: RingChanges, most: number): Generator<RingChanges> {
  const { created, merged, aliases, ended, members, keys, hubs } = changes;
  const touched = [...changes.touched];
  const longest = Math.max(touched.length, aliases.length, members.length, keys.length);
  if (longest <= most) {
    yield changes;
    return;
  }
  for (let from = 0; from < touched.length; from += most)
    yield { ...noChanges, touched: new Set(touched.slice(from, from + most)) };
  for (let from = 0; from < Math.max(members.length, keys.length); from += most)
    yield { ...noChanges, members: members.slice(from, from + most), keys: keys.slice(from, from + most) };
  for (let from = 0; from < aliases.length; from += most)
    yield { ...noChanges, aliases: aliases.slice(from, from + most) };
  yield { ...noChanges, created, merged, ended, hubs };
}
