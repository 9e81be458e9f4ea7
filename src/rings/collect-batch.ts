import type { Instant } from '../model/time.js';
import type { Ring } from './ring.js';
import type { RingBatch } from './ring-batch.js';
import type { RingChanges } from './ring-changes.js';
import { figuresOf } from './ring-figures.js';

/** The rings as they are after the changes; by the id of one that went into another too. */
export interface CurrentRings {
  ring(ringId: string): Ring | undefined;
}

const lastOf = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];

/** Many changes as one batch: of what changed several times only the last is written. */
export function collectBatch(changes: readonly RingChanges[], rings: CurrentRings, at: Instant): RingBatch {
  const touched = new Set(changes.flatMap((change) => [...change.touched].flatMap((id) => rings.ring(id) ?? [])));
  const all = <T>(pick: (change: RingChanges) => readonly T[]): T[] => changes.flatMap(pick);
  return {
    at,
    rings: [...touched].map((ring) => figuresOf(ring, at)),
    merged: all(({ merged }) => merged),
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

export const isEmptyBatch = ({ rings, merged, ended, members, keys, hubs }: RingBatch): boolean =>
  rings.length + merged.length + ended.length + members.length + keys.length + hubs.length === 0;

/** Much changes at once in a rebuild: the same in parts that hold nothing up. Rings come first, then what leads to them. */
export function* splitChanges(changes: RingChanges, most: number): Generator<RingChanges> {
  const { created, merged, ended, members, keys, hubs } = changes;
  const touched = [...changes.touched];
  const longest = Math.max(touched.length, members.length, keys.length);
  if (longest <= most) {
    yield changes;
    return;
  }
  for (let from = 0; from < touched.length; from += most)
    yield { ...nothing, touched: new Set(touched.slice(from, from + most)) };
  for (let from = 0; from < Math.max(members.length, keys.length); from += most)
    yield { ...nothing, members: members.slice(from, from + most), keys: keys.slice(from, from + most) };
  yield { ...nothing, created, merged, ended, hubs };
}

const nothing: RingChanges = {
  created: [],
  merged: [],
  ended: [],
  members: [],
  keys: [],
  hubs: [],
  touched: new Set(),
};
