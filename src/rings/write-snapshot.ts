import type { Instant } from '../model/time.js';
import type { RingComponents } from './ring-components.js';
import type { RingRegistry } from './ring-registry.js';
import {
  type SnapshotHead,
  type SnapshotPiece,
  type StoredAccount,
  type StoredKey,
  type StoredUse,
  snapshotVersion,
} from './snapshot-form.js';

const rowsInPiece = 512;

/** All of it as text, piece by piece. */
export function* writeSnapshot(components: RingComponents, now: Instant): Generator<string> {
  const { accounts, table, rings } = components;
  const rows = rings.ids + accounts.length + table.keys + table.uses;
  yield JSON.stringify({ version: snapshotVersion, now, links: table.links, rows } satisfies SnapshotHead);
  yield* storeRings(rings);
  for (const part of inParts(rings.aliases()))
    yield JSON.stringify({ aliases: part.map(({ id, ring, at }) => [id, ring.place, at]) } satisfies SnapshotPiece);
  yield* pieces(
    accounts.length,
    (row) => storeAccount(components, row),
    (part) => ({ accounts: part }),
  );
  yield* pieces(
    table.keys,
    (key) => storeKey(components, key),
    (part) => ({ keys: part }),
  );
  yield* pieces(
    table.uses,
    (use) => storeUse(components, use),
    (part) => ({ uses: part }),
  );
}

/** Gives each its place, by which accounts and aliases name it. */
function* storeRings(rings: RingRegistry): Generator<string> {
  let place = 0;
  for (const part of inParts(rings.live())) {
    for (const ring of part) ring.place = place++;
    yield JSON.stringify({ rings: part.map((ring) => ring.toJSON()) } satisfies SnapshotPiece);
  }
}

function* inParts<T>(rows: Iterable<T>): Generator<readonly T[]> {
  let part: T[] = [];
  for (const row of rows) {
    part.push(row);
    if (part.length < rowsInPiece) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

function* pieces<T>(
  rows: number,
  store: (row: number) => T,
  wrap: (part: readonly T[]) => SnapshotPiece,
): Generator<string> {
  for (let from = 0; from < rows; from += rowsInPiece) {
    const part: T[] = [];
    for (let row = from; row < Math.min(rows, from + rowsInPiece); row++) part.push(store(row));
    yield JSON.stringify(wrap(part));
  }
}

function storeAccount({ accounts, rings }: RingComponents, row: number): StoredAccount {
  const { held, fraud, verified, at } = accounts.standing(row);
  const { prefix, asn, template } = accounts.traits(row);
  const ring = rings.at(accounts.root(row));
  return [
    accounts.id(row),
    [accounts.firstSeen(row), accounts.joined(row), at],
    Number(held) + 2 * Number(fraud) + 4 * Number(verified),
    [prefix, asn, template],
    ring?.place ?? -1,
  ];
}

function storeKey({ table }: RingComponents, key: number): StoredKey {
  const { high, low } = table.digest(key);
  return [high, low, table.link(key), Number(table.isHub(key)) + 2 * Number(table.isCounted(key)), table.lead(key)];
}

function storeUse({ table }: RingComponents, use: number): StoredUse {
  const { account, key, at } = table.useAt(use);
  return [account, key, at];
}
