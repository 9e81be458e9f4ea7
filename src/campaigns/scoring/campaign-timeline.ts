import { type AccountStory, firstStop, isLimited, isStopped } from './account-story.js';
import { type Drawing, grantedDraws } from './count-exchanges.js';
import type { Draw } from './exchanges.js';

/** What became of the accounts that signed up in one stretch of time. */
export interface SignupBin {
  heldAtSignup: number;
  heldLater: number;
  limited: number;
  admitted: number;
}

export interface ExchangeBin {
  wanted: number;
  drawn: number;
}

/** A campaign over time, in stretches of one length. */
export interface CampaignTimeline {
  readonly from: number;
  readonly binMs: number;
  /** Signups by tier, and the honest ones under `honest`. */
  readonly signups: ReadonlyMap<string, readonly SignupBin[]>;
  /** Exchanges of fraudulent accounts. */
  readonly exchanges: readonly ExchangeBin[];
}

interface TimelineWish {
  readonly bins: number;
  readonly drawing: Drawing;
}

export function timelineOf(stories: readonly AccountStory[], { bins, drawing }: TimelineWish): CampaignTimeline {
  const from = stories.reduce((first, { signupAt }) => Math.min(first, signupAt), Number.POSITIVE_INFINITY);
  const until = stories.reduce((last, { signupAt }) => Math.max(last, signupAt), 0) + 2 * 86_400_000;
  const binMs = Math.max(1, until - from) / bins;
  const binOf = (at: number): number => Math.min(bins - 1, Math.max(0, Math.floor((at - from) / binMs)));
  const signups = new Map<string, SignupBin[]>();
  const exchanges = Array.from({ length: bins }, (): ExchangeBin => ({ wanted: 0, drawn: 0 }));
  for (const story of stories) {
    const name = story.truth.tier ?? 'honest';
    const row = signups.get(name) ?? Array.from({ length: bins }, emptyBin);
    signups.set(name, row);
    const bin = row[binOf(story.signupAt)];
    if (bin !== undefined) bin[fateOf(story)]++;
  }
  const fraud = stories.filter(({ truth }) => truth.kind === 'fraud');
  for (const draw of grantedDraws(fraud, drawing)) addDraw(draw, { exchanges, from, binMs });
  return { from, binMs, signups: new Map([...signups].sort(([a], [b]) => (a < b ? -1 : 1))), exchanges };
}

const emptyBin = (): SignupBin => ({ heldAtSignup: 0, heldLater: 0, limited: 0, admitted: 0 });

function fateOf(story: AccountStory): keyof SignupBin {
  if (isStopped(story.atSignup)) return 'heldAtSignup';
  if (firstStop(story) !== undefined) return 'heldLater';
  return isLimited(story.changes.at(-1)) ? 'limited' : 'admitted';
}

interface DrawBins {
  readonly exchanges: readonly ExchangeBin[];
  readonly from: number;
  readonly binMs: number;
}

/** Spread evenly over the bins that it touches; what lies after the last bin is left out of the picture. */
function addDraw(draw: Draw, { exchanges, from, binMs }: DrawBins): void {
  const first = Math.max(0, Math.floor((draw.from - from) / binMs));
  const last = Math.min(exchanges.length - 1, Math.floor((draw.until - from) / binMs));
  for (let index = first; index <= last; index++) {
    const begin = Math.max(draw.from, from + index * binMs);
    const end = Math.min(draw.until, from + (index + 1) * binMs);
    const share = (end - begin) / (draw.until - draw.from);
    const bin = exchanges[index];
    if (bin === undefined || !(share > 0)) continue;
    bin.wanted += draw.wanted * share;
    bin.drawn += draw.drawn * share;
  }
}
