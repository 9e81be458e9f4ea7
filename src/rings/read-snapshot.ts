import type { LinkSpec } from '../model/link.js';
import type { Instant } from '../model/time.js';
import { Ring, type StoredRing } from './ring.js';
import { RingComponents } from './ring-components.js';
import {
  type SnapshotHead,
  type SnapshotPiece,
  type StoredAccount,
  type StoredAlias,
  type StoredKey,
  snapshotVersion,
} from './snapshot-form.js';

interface ReadGraph {
  readonly components: RingComponents;
  readonly now: Instant;
}

/** Undefined when the pieces are not a whole snapshot of this version. */
export function* readSnapshot(texts: Iterable<string>): Generator<undefined, ReadGraph | undefined> {
  let head: SnapshotHead | undefined;
  let reader: SnapshotReader | undefined;
  for (const text of texts) {
    if (head === undefined || reader === undefined) {
      head = JSON.parse(text);
      if (head?.version !== snapshotVersion) return undefined;
      reader = new SnapshotReader(head.links);
    } else reader.read(JSON.parse(text));
    yield;
  }
  if (head === undefined || reader === undefined || reader.rows !== head.rows) return undefined;
  return { components: reader.components, now: head.now };
}

class SnapshotReader {
  readonly components: RingComponents;
  readonly #rings: Ring[] = [];
  /** The first member read of each ring. */
  readonly #firstRow: number[] = [];
  rows = 0;

  constructor(links: readonly LinkSpec[]) {
    this.components = new RingComponents(links);
  }

  read(piece: SnapshotPiece): void {
    if ('rings' in piece) this.#each(piece.rings, (ring) => this.#readRing(ring));
    else if ('aliases' in piece) this.#each(piece.aliases, (alias) => this.#readAlias(alias));
    else if ('accounts' in piece) this.#each(piece.accounts, (account) => this.#readAccount(account));
    else if ('keys' in piece) this.#each(piece.keys, (key) => this.#readKey(key));
    else this.#each(piece.uses, ([account, key, at]) => this.components.use(account, key, at));
  }

  #each<T>(stored: readonly T[], read: (row: T) => void): void {
    for (const row of stored) read(row);
    this.rows += stored.length;
  }

  #readRing(stored: StoredRing): void {
    const ring = Ring.of(stored);
    this.#rings.push(ring);
    this.components.rings.add(ring);
  }

  #readAlias([id, place, at]: StoredAlias): void {
    const ring = this.#rings[place];
    if (ring !== undefined) this.components.rings.alias(id, ring, at);
  }

  #readAccount([id, [first, joined, standingAt], flags, [prefix, asn, template], place]: StoredAccount): void {
    const { accounts, rings } = this.components;
    const row = accounts.findOrAdd(id, first);
    accounts.setJoined(row, joined);
    const [held, fraud, verified] = [(flags & 1) !== 0, (flags & 2) !== 0, (flags & 4) !== 0];
    accounts.setStanding(row, { accountId: id, at: standingAt, held, fraud, verified });
    accounts.copyTraits(row, { prefix, asn, template });
    const ring = this.#rings[place];
    if (ring === undefined) return;
    const member = this.#firstRow[place];
    if (member === undefined) this.#firstRow[place] = row;
    const root = member === undefined ? row : accounts.unite(accounts.root(member), row).root;
    rings.place(root, ring);
  }

  #readKey([high, low, link, flags, lead]: StoredKey): void {
    const { table } = this.components;
    const known = table.find({ high, low });
    const key = known < 0 ? table.add({ high, low }, link) : table.renew(known);
    table.setHub(key, (flags & 1) !== 0);
    table.setCounted(key, (flags & 2) !== 0);
    table.setLead(key, lead);
  }
}
