import type { Instant } from '../model/time.js';
import type { Ring } from './ring.js';
import type { RingComponents } from './ring-components.js';
import {
  type SnapshotHead,
  type SnapshotPiece,
  type StoredAccount,
  type StoredAlias,
  type StoredKey,
  type StoredUse,
  snapshotVersion,
} from './snapshot-form.js';

const rowsInPiece = 1024;

/** All of it as text, piece by piece. */
export function* writeSnapshot(components: RingComponents, now: Instant): Generator<string> {
  const { accounts, table, rings } = components;
  const live = [...rings.live()];
  const place = new Map(live.map((ring, at) => [ring, at]));
  const aliases = [...rings.aliases()];
  const rows = live.length + aliases.length + accounts.length + table.keys + table.uses;
  yield JSON.stringify({ version: snapshotVersion, now, links: table.links, rows } satisfies SnapshotHead);
  yield* pieces(
    live.length,
    (at) => live[at]?.toJSON(),
    (part) => ({ rings: part }),
  );
  yield* pieces(
    aliases.length,
    (at) => storeAlias(aliases[at], place),
    (part) => ({ aliases: part }),
  );
  yield* pieces(
    accounts.length,
    (row) => storeAccount(components, row, place),
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

function* pieces<T>(
  rows: number,
  store: (row: number) => T | undefined,
  wrap: (part: readonly T[]) => SnapshotPiece,
): Generator<string> {
  for (let from = 0; from < rows; from += rowsInPiece) {
    const part: T[] = [];
    for (let row = from; row < Math.min(rows, from + rowsInPiece); row++) {
      const stored = store(row);
      if (stored !== undefined) part.push(stored);
    }
    yield JSON.stringify(wrap(part));
  }
}

type Places = ReadonlyMap<Ring, number>;

const storeAlias = (
  alias: { readonly id: string; readonly ring: Ring; readonly at: Instant } | undefined,
  place: Places,
): StoredAlias | undefined => (alias === undefined ? undefined : [alias.id, place.get(alias.ring) ?? -1, alias.at]);

function storeAccount({ accounts, rings }: RingComponents, row: number, place: Places): StoredAccount {
  const { held, fraud, verified, at } = accounts.standing(row);
  const { prefix, asn, template } = accounts.traits(row);
  const ring = rings.at(accounts.root(row));
  return [
    accounts.id(row),
    [accounts.firstSeen(row), accounts.joined(row), at],
    Number(held) + 2 * Number(fraud) + 4 * Number(verified),
    [prefix, asn, template],
    (ring === undefined ? undefined : place.get(ring)) ?? -1,
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
