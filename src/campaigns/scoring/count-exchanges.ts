import type { AccountStory } from './account-story.js';
import { type Draw, drawsOf, type Quotas } from './exchanges.js';
import type { RingNames } from './ring-names.js';

const dayMs = 86_400_000;

/** How much is drawn, and which names of rings mean one ring. */
interface Drawing {
  readonly quotas: Quotas;
  readonly rings: RingNames;
}

/**
 * Exchanges that the accounts got, and that they would have got from a service that holds nobody. What the limited of one ring
 * drew on a day (UTC) beyond the ring's quota is taken off; who else is in it, such as honest people, is not asked.
 */
export function countExchanges(
  stories: readonly AccountStory[],
  { quotas, rings: names }: Drawing,
): { readonly drawn: number; readonly wanted: number } {
  const rings = new RingDays(quotas.ringLimited ?? Number.POSITIVE_INFINITY);
  let [drawn, wanted] = [0, 0];
  for (const story of stories)
    for (const draw of drawsOf(story, quotas)) {
      drawn += draw.drawn;
      wanted += draw.wanted;
      if (draw.limited && story.ringId !== undefined) rings.add(names.nameOf(story.ringId), draw);
    }
  return { drawn: drawn - rings.excess(), wanted };
}

/** What the limited members of rings drew, day by day. */
class RingDays {
  readonly #drawn = new Map<string, number>();

  constructor(private readonly perDay: number) {}

  /** A draw over midnight is divided: it is even. */
  add(ringId: string, { from, until, drawn }: Draw): void {
    for (let day = Math.floor(from / dayMs); day * dayMs < until; day++) {
      const share = (Math.min(until, (day + 1) * dayMs) - Math.max(from, day * dayMs)) / (until - from);
      const key = `${ringId} ${day}`;
      this.#drawn.set(key, (this.#drawn.get(key) ?? 0) + drawn * share);
    }
  }

  excess(): number {
    return [...this.#drawn.values()].reduce((sum, drawn) => sum + Math.max(0, drawn - this.perDay), 0);
  }
}
