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

/** A rebuild may change much at once: the same in parts that hold nothing up. Rings come first, then what leads to them. */
export function* splitBatch(batch: RingBatch, most: number): Generator<RingBatch> {
  const { at, rings, merged, ended, members, keys, hubs } = batch;
  const longest = Math.max(rings.length, members.length, keys.length);
  if (longest <= most) {
    yield batch;
    return;
  }
  const none = { at, rings: [], merged: [], ended: [], members: [], keys: [], hubs: [] };
  for (let from = 0; from < rings.length; from += most) yield { ...none, rings: rings.slice(from, from + most) };
  for (let from = 0; from < longest; from += most)
    yield { ...none, members: members.slice(from, from + most), keys: keys.slice(from, from + most) };
  yield { ...none, merged, ended, hubs };
}
