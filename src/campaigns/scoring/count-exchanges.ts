import type { AccountStory } from './account-story.js';
import { type Draw, drawsOf, type Quotas } from './exchanges.js';
import type { RingNames } from './ring-names.js';

const dayMs = 86_400_000;

/** How much is drawn, and which names of rings mean one ring. */
export interface Drawing {
  readonly quotas: Quotas;
  readonly rings: RingNames;
}

/** Exchanges that the accounts got, and that they would have got from a service that holds nobody. */
export function countExchanges(
  stories: readonly AccountStory[],
  drawing: Drawing,
): { readonly drawn: number; readonly wanted: number } {
  let [drawn, wanted] = [0, 0];
  for (const draw of grantedDraws(stories, drawing)) {
    drawn += draw.drawn;
    wanted += draw.wanted;
  }
  return { drawn, wanted };
}

/**
 * All that the accounts draw. Where the limited of one ring would draw more on a day (UTC) than the ring's quota, each of them
 * gets its part of it; who else is in the ring, such as honest people, is not asked.
 */
export function* grantedDraws(stories: readonly AccountStory[], { quotas, rings: names }: Drawing): Generator<Draw> {
  const rings = new RingDays(quotas.ringLimited ?? Number.POSITIVE_INFINITY);
  const ringOf = ({ ringId }: AccountStory, { limited }: Draw): string | undefined =>
    ringId === undefined || !limited || quotas.ringLimited === undefined ? undefined : names.nameOf(ringId);
  for (const story of stories)
    for (const draw of drawsOf(story, quotas)) {
      const ring = ringOf(story, draw);
      if (ring !== undefined) for (const piece of daysOf(draw)) rings.add(ring, piece);
    }
  for (const story of stories)
    for (const draw of drawsOf(story, quotas)) {
      const ring = ringOf(story, draw);
      if (ring === undefined) yield draw;
      else for (const piece of daysOf(draw)) yield { ...piece, drawn: piece.drawn * rings.granted(ring, piece) };
    }
}

/** A draw over midnight is divided: it is even. */
function* daysOf(draw: Draw): Generator<Draw> {
  for (let day = dayOf(draw); day * dayMs < draw.until; day++) {
    const [from, until] = [Math.max(draw.from, day * dayMs), Math.min(draw.until, (day + 1) * dayMs)];
    const share = (until - from) / (draw.until - draw.from);
    yield { ...draw, from, until, wanted: draw.wanted * share, drawn: draw.drawn * share };
  }
}

const dayOf = ({ from }: Pick<Draw, 'from'>): number => Math.floor(from / dayMs);

/** What the limited members of rings would draw, day by day. */
class RingDays {
  readonly #drawn = new Map<string, number>();

  constructor(private readonly perDay: number) {}

  /** A piece within one day. */
  add(ringId: string, piece: Draw): void {
    const key = keyOf(ringId, piece);
    this.#drawn.set(key, (this.#drawn.get(key) ?? 0) + piece.drawn);
  }

  /** The share of that day's draws that the ring's quota lets through. */
  granted(ringId: string, piece: Draw): number {
    const drawn = this.#drawn.get(keyOf(ringId, piece)) ?? 0;
    return drawn <= this.perDay ? 1 : this.perDay / drawn;
  }
}

const keyOf = (ringId: string, piece: Draw): string => `${ringId} ${dayOf(piece)}`;
