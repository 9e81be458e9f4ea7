import type { LinkUse, RingReading, RingSighting } from '../../model/ring.js';
import type { Instant } from '../../model/time.js';
import { Unavailable } from '../../model/value.js';
import { ringKeyOf } from '../../rings/digest.js';
import { readFigures } from '../../rings/ring-figures.js';
import type { RingStore } from '../../rings/ring-store.js';
import type { RedisConnection } from './connection.js';
import {
  accountRingKey,
  believedEntry,
  linkRingKey,
  ringKey,
  ringMarkKey,
  shownGeneration,
  storedLead,
  storedRing,
} from './ring-keys.js';

const unavailable = new Unavailable('ring_unavailable');
/**
 * The figures, behind an alias at most: the worker lets no alias lead to another. One that it is about to write anew may do
 * so for a moment; whatever leads further than that cannot be told.
 */
const mostTrips = 4;

function ringLedTo(text: string | undefined, at: Instant): string | undefined {
  const lead = storedLead(text);
  return lead !== undefined && at < lead.endsAt ? lead.ringId : undefined;
}

/** Rings found by what leads to them: the id they have now, and what they are. */
class Found {
  readonly readings = new Map<string, RingReading>();
  private readonly into = new Map<string, string>();

  constructor(private readonly at: Instant) {}

  /** The ring that an alias leads to, when this is one. A ring whose links have all run out by then is none. */
  add(id: string, text: string | undefined): string | undefined {
    const stored = storedRing(text);
    if (stored === undefined) return undefined;
    if (stored.kind === 'alias') {
      this.into.set(id, stored.into);
      return stored.into;
    }
    if (this.at < stored.figures.endsAt) this.readings.set(id, readFigures(stored.figures, this.at));
    return undefined;
  }

  resolve(id: string): string | undefined {
    let now = id;
    for (let next = this.into.get(now); next !== undefined; next = this.into.get(now)) now = next;
    return this.readings.has(now) ? now : undefined;
  }
}

/** Rings of when, and which entries of them. */
interface Believed {
  readonly at: Instant;
  readonly generation: number;
}

/**
 * Rings in Redis, as the ring worker wrote them: one trip to see that there is none, a second to read those there are, a third
 * where they went into others.
 */
export class RedisRingStore implements RingStore {
  constructor(
    private readonly redis: RedisConnection,
    /** The installation's: rings of another, of a version that writes them in another way, or not yet rebuilt ones are not believed. */
    private readonly epoch: () => string,
  ) {}

  /** Are there rings to be believed? False also when Redis does not answer. */
  isShown(): Promise<boolean> {
    return this.redis.call('GET', ringMarkKey).then(
      (mark) => this.generationOf(mark) !== undefined,
      () => false,
    );
  }

  async find(accountId: string, links: readonly LinkUse[], at: Instant): Promise<RingSighting | Unavailable> {
    try {
      const keys = links.map(({ link, key }) => linkRingKey(ringKeyOf(link, key)));
      const [mark, member, ...leads] = await this.get([ringMarkKey, accountRingKey(accountId), ...keys]);
      const generation = this.generationOf(mark);
      if (generation === undefined) return unavailable;
      const own = believedEntry(member, generation);
      const ids = leads.map((lead) => ringLedTo(believedEntry(lead, generation), at));
      const found = await this.read(
        [own, ...ids].flatMap((id) => id ?? []),
        { at, generation },
      );
      if (found === undefined) return unavailable;
      const ringOf = (id: string | undefined): string | undefined => (id === undefined ? undefined : found.resolve(id));
      const byLink = new Map<string, string>();
      links.forEach(({ link }, index) => {
        const ring = ringOf(ids[index]);
        if (ring !== undefined) byLink.set(link, ring);
      });
      return { own: ringOf(own), byLink, rings: found.readings };
    } catch {
      return unavailable;
    }
  }

  private generationOf(mark: unknown): number | undefined {
    return shownGeneration(mark, this.epoch());
  }

  /** Undefined where aliases lead on and on: a ring that was not reached is not known, which does not mean that there is none. */
  private async read(ids: readonly string[], { at, generation }: Believed): Promise<Found | undefined> {
    const found = new Found(at);
    let asked = [...new Set(ids)];
    for (let trip = 0; asked.length > 0; trip++) {
      if (trip === mostTrips) return undefined;
      const texts = await this.get(asked.map(ringKey));
      const further = asked.flatMap((id, index) => found.add(id, believedEntry(texts[index], generation)) ?? []);
      asked = [...new Set(further)].filter((id) => !found.readings.has(id));
    }
    return found;
  }

  /** On a cluster each key is asked where it lives, all at once. */
  private async get(keys: readonly string[]): Promise<readonly unknown[]> {
    if (this.redis.isCluster) return Promise.all(keys.map((key) => this.redis.call('GET', key)));
    const values = await this.redis.call('MGET', ...keys);
    return Array.isArray(values) ? values : [];
  }
}
