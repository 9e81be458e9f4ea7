import { newId } from '../model/ids.js';
import type { Instant } from '../model/time.js';
import { digestOf } from './digest.js';
import { DigestIndex } from './digest-index.js';
import { InstantColumn, IntColumn } from './paged-column.js';
import type { Ring } from './ring.js';

/** The same account and instant always make the same id: whoever reads the same stream finds the same rings. */
function ringIdOf(firstAccount: string, firstSeen: Instant): string {
  const words = [digestOf(firstAccount), digestOf(`${firstAccount}\0ring`)].flatMap(({ high, low }) => [high, low]);
  return newId('ring', firstSeen, () => new Uint8Array(Int32Array.from(words).buffer));
}

/** An id that no ring in these registries has or had. */
export function freeId(firstAccount: string, firstSeen: Instant, registries: readonly RingRegistry[]): string {
  let id = ringIdOf(firstAccount, firstSeen);
  for (let again = 2; registries.some((registry) => registry.has(id)); again++)
    id = ringIdOf(`${firstAccount}\0${again}`, firstSeen);
  return id;
}

/** The former id of a ring that went into another. */
interface RingAlias {
  readonly id: string;
  readonly ring: Ring;
  /** When the merge happened. */
  readonly at: Instant;
}

/** Rings by id, those that went into others included, and by the row of the account that stands for their component. */
export class RingRegistry {
  readonly #index = new DigestIndex();
  readonly #ids: string[] = [];
  readonly #rings: Ring[] = [];
  /** When an id became an alias; 0 for a ring of its own. */
  readonly #aliasAt = new InstantColumn();
  readonly #rowOfRoot = new IntColumn(-1);
  #live = 0;

  /** Rings that went into no other. */
  get length(): number {
    return this.#live;
  }

  add(ring: Ring): void {
    this.#index.add(digestOf(ring.id));
    this.#ids.push(ring.id);
    this.#rings.push(ring);
    this.#live++;
  }

  at(root: number): Ring | undefined {
    const row = this.#rowOfRoot.get(root);
    return row < 0 ? undefined : this.#rings[row];
  }

  place(root: number, ring: Ring): void {
    this.#rowOfRoot.set(root, this.#index.find(digestOf(ring.id)));
  }

  alias(id: string, ring: Ring, at: Instant): void {
    const digest = digestOf(id);
    const known = this.#index.find(digest);
    const row = known < 0 ? this.#index.add(digest) : known;
    if (known >= 0 && this.#aliasAt.get(row) === 0) this.#live--;
    this.#ids[row] = id;
    this.#rings[row] = ring;
    this.#aliasAt.set(row, at);
    ring.formerIds.push(id);
  }

  /** Of rings and aliases. */
  get ids(): number {
    return this.#ids.length;
  }

  has(id: string): boolean {
    return this.#index.find(digestOf(id)) >= 0;
  }

  /** The ring of this id, or the one that it went into. */
  resolve(id: string): Ring | undefined {
    const row = this.#index.find(digestOf(id));
    let ring = row < 0 ? undefined : this.#rings[row];
    while (ring?.into !== undefined) {
      // The way becomes half as long with each reading, so that even a long row of merges costs little.
      ring.into = ring.into.into ?? ring.into;
      ring = ring.into;
    }
    if (ring !== undefined) this.#rings[row] = ring;
    return ring;
  }

  *live(): Generator<Ring> {
    for (const [row, ring] of this.#rings.entries()) if (this.#aliasAt.get(row) === 0) yield ring;
  }

  *aliases(): Generator<RingAlias> {
    for (const [row, id] of this.#ids.entries()) {
      const ring = this.#aliasAt.get(row) === 0 ? undefined : this.resolve(id);
      if (ring !== undefined) yield { id, ring, at: this.#aliasAt.get(row) };
    }
  }
}
