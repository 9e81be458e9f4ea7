import type { CombineHashes, HashIdentifier } from './entity.js';
import { type Slots, Unavailable } from './value.js';

/** Of one event, by place: undefined where the signal is absent, Unavailable where it could not be had. */
export type Hashes = readonly (string | undefined | Unavailable)[];

/** The signals of one event type that are hashed. Features and links share them, so that an event hashes each once. */
export class HashedSignals {
  private readonly names: string[] = [];
  private readonly slots: number[] = [];

  constructor(
    /** Where a signal's value is; undefined for a name that no slot holds. */
    private readonly slotOf: (signal: string) => number | undefined,
    private readonly hash: HashIdentifier,
  ) {}

  /** Where its hash will be; undefined for a name that no slot holds. */
  place(name: string): number | undefined {
    const slot = this.slotOf(name);
    if (slot === undefined) return undefined;
    const known = this.names.indexOf(name);
    if (known >= 0) return known;
    this.slots.push(slot);
    return this.names.push(name) - 1;
  }

  /** What the slots hold, hashed under the names of the signals. */
  hashesOf(slots: Slots): Hashes {
    const hashes = this.slots.map(noHash);
    for (let place = 0; place < hashes.length; place++) {
      const reading = slots[this.slots[place] ?? -1];
      const isMissing = reading === undefined || reading instanceof Unavailable;
      hashes[place] = isMissing ? reading : this.hash(this.names[place] ?? '', String(reading));
    }
    return hashes;
  }
}

const noHash = (): Hashes[number] => undefined;

/** Of the very length: a list that is pushed to makes room for seventeen, and an event has some forty of them. */
const roomFor = (length: number): string[] =>
  length === 2 ? ['', ''] : length === 3 ? ['', '', ''] : new Array<string>(length).fill('');

/** One key over several places: undefined when a part is absent, Unavailable when one could not be had. */
export function keyOver(
  places: readonly (number | undefined)[],
  hashes: Hashes,
  combine: CombineHashes,
): string | undefined | Unavailable {
  const [only] = places;
  if (places.length === 1) return only === undefined ? undefined : hashes[only];
  const parts = roomFor(places.length);
  let known = 0;
  for (const place of places) {
    const part = place === undefined ? undefined : hashes[place];
    if (part === undefined) continue;
    if (part instanceof Unavailable) return part;
    parts[known++] = part;
  }
  return known < places.length ? undefined : combine(parts);
}

/** Hashes of any length, joined end to end. */
export const joinHashes: CombineHashes = (hashes) => {
  let joined = '';
  for (const hash of hashes) joined += hash;
  return joined;
};
