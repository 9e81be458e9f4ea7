import type { Instant } from '../model/time.js';
import { rowsInSlice } from './in-slices.js';
import type { IntColumn } from './paged-column.js';
import type { Ring } from './ring.js';
import type { RingComponents } from './ring-components.js';
import { freeId, RingRegistry } from './ring-registry.js';

/** So long may members still be known elsewhere by the name that their ring had when they joined. */
const namedMs = 4 * 86_400_000;

export interface Naming {
  readonly old: RingComponents;
  readonly next: RingComponents;
  /** Rows of accounts in the new table, by row in the old; -1 for those that were forgotten. */
  readonly rowOf: IntColumn;
  readonly now: Instant;
}

interface NamingAnew extends Naming {
  /** Rows of accounts in the old table, by row in the new. */
  readonly formerRow: IntColumn;
}

/**
 * Gives the rings of a rebuild the ids they had. In the order of their oldest accounts each takes the oldest of its members'
 * former rings that no other took; a part that splits off gets an id of its own and the age of what it was part of. Former
 * ids whose members are elsewhere now become aliases, and aliases are kept for as long as any link lasts, and for four days at
 * least.
 */
export function* nameRings({ old, next, rowOf, formerRow, now }: NamingAnew): Generator<undefined> {
  const registry = new RingRegistry();
  const heirs = new Map<Ring, Ring>();
  const named = new Set<Ring>();
  for (let row = 0; row < next.accounts.length; row++) {
    if (row % rowsInSlice === rowsInSlice - 1) yield;
    const ring = next.ringOf(row);
    if (ring === undefined || named.has(ring)) continue;
    named.add(ring);
    const { free, oldest } = yield* formerRings({ old, next, formerRow }, ring, heirs);
    if (free !== undefined) heirs.set(free, ring);
    ring.firstSeen = (free ?? oldest)?.firstSeen ?? now;
    ring.id = free?.id ?? freeId(next.accounts.id(row), ring.firstSeen, [old.rings, registry]);
    registry.add(ring);
  }
  yield* place(next, registry);
  yield* keepAliases({ old, next, rowOf, now }, heirs, registry);
  next.rings = registry;
}

interface Members {
  readonly old: RingComponents;
  readonly next: RingComponents;
  readonly formerRow: IntColumn;
}

/** Of the rings that the members were in before: the oldest that is still free, and the oldest. */
function* formerRings({ old, next, formerRow }: Members, ring: Ring, taken: ReadonlyMap<Ring, Ring>) {
  let free: Ring | undefined;
  let oldest: Ring | undefined;
  let walked = 0;
  for (const member of next.accounts.members(ring.anchor)) {
    if (++walked % rowsInSlice === 0) yield;
    const before = formerRow.get(member);
    const former = before < 0 ? undefined : old.ringOf(before);
    if (former === undefined) continue;
    if (oldest === undefined || former.isOlderThan(oldest)) oldest = former;
    if (!taken.has(former) && (free === undefined || former.isOlderThan(free))) free = former;
  }
  return { free, oldest };
}

function* place(next: RingComponents, registry: RingRegistry): Generator<undefined> {
  for (let row = 0; row < next.accounts.length; row++) {
    if (row % rowsInSlice === rowsInSlice - 1) yield;
    const ring = next.accounts.root(row) === row ? next.rings.at(row) : undefined;
    if (ring !== undefined) registry.place(row, ring);
  }
}

function* keepAliases(
  { old, next, rowOf, now }: Naming,
  heirs: Map<Ring, Ring>,
  registry: RingRegistry,
): Generator<undefined> {
  for (let row = 0; row < old.accounts.length; row++) {
    if (row % rowsInSlice === rowsInSlice - 1) yield;
    const before = old.ringOf(row);
    const after = rowOf.get(row) < 0 ? undefined : next.ringOf(rowOf.get(row));
    if (before === undefined || after === undefined || heirs.has(before)) continue;
    heirs.set(before, after);
    registry.alias(before.id, after, now);
  }
  const longestMs = Math.max(namedMs, ...next.table.links.map(({ ttlMs }) => ttlMs));
  let walked = 0;
  for (const { id, ring, at } of old.rings.aliases()) {
    if (++walked % rowsInSlice === 0) yield;
    const heir = heirs.get(ring);
    if (heir !== undefined && now - at <= longestMs) registry.alias(id, heir, at);
  }
}
