import { newId } from '../model/ids.js';
import type { Instant } from '../model/time.js';
import { digestOf } from './digest.js';
import { DigestIndex } from './digest-index.js';
import { IntColumn } from './paged-column.js';
import type { Ring } from './ring.js';

/** The same account and instant always make the same id: whoever reads the same stream finds the same rings. */
export function ringIdOf(firstAccount: string, firstSeen: Instant): string {
  const words = [digestOf(firstAccount), digestOf(`${firstAccount}\0ring`)].flatMap(({ high, low }) => [high, low]);
  return newId('ring', firstSeen, () => new Uint8Array(Int32Array.from(words).buffer));
}

/** Rings by id, and by the row of the account that stands for their component. */
export class RingRegistry {
  readonly #index = new DigestIndex();
  readonly #rings: Ring[] = [];
  readonly #rowOfRoot = new IntColumn(-1);

  add(ring: Ring): void {
    this.#index.add(digestOf(ring.id));
    this.#rings.push(ring);
  }

  at(root: number): Ring | undefined {
    return this.#rings[this.#rowOfRoot.get(root)];
  }

  place(root: number, ring: Ring): void {
    this.#rowOfRoot.set(root, this.#index.find(digestOf(ring.id)));
  }

  has(id: string): boolean {
    return this.#index.find(digestOf(id)) >= 0;
  }

  /** The ring of this id, or the one that it went into. */
  resolve(id: string): Ring | undefined {
    const asked = this.#rings[this.#index.find(digestOf(id))];
    let ring = asked;
    while (ring?.into !== undefined) ring = ring.into;
    if (asked !== undefined && asked !== ring) asked.into = ring;
    return ring;
  }

  /** Rings and aliases, oldest entry first. */
  all(): readonly Ring[] {
    return this.#rings;
  }
}
