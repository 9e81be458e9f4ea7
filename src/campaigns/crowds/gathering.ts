import type { PlannedAccount } from '../people/account.js';
import type { Random } from '../random.js';
import { spreadTimes } from '../rhythm.js';
import { type Crowd, type Group, groupSizes, honest, type Span } from './crowd.js';

/** People who share something: when they sign up, and what each of them is like. */
interface Gathering extends Span {
  /** How likely each moment is, at most 2; always the same where it is left out. */
  readonly shape?: ((at: number) => number) | undefined;
  member(at: number, random: Random): PlannedAccount;
}

interface GatheringParts {
  readonly count: number;
  readonly span: Span;
  readonly random: Random;
}

interface GatheringCrowd extends Omit<Crowd, 'groups'> {
  /** Accounts of the smallest and the largest gathering. */
  readonly sizes: readonly [number, number];
  open(parts: GatheringParts): Gathering;
}

/** A crowd that comes in groups: classes, offices, agencies. */
export function gatherings({ name, doc, share, sizes, open }: GatheringCrowd): Crowd {
  return {
    name,
    doc,
    share,
    *groups(size, span, random) {
      let number = 0;
      for (const count of groupSizes(size, sizes, random.fork('sizes')))
        yield membersOf(name, open, { count, span, random: random.fork(number++) });
    },
  };
}

function* membersOf(name: string, open: GatheringCrowd['open'], parts: GatheringParts): Group & Generator {
  const { from, until, shape = () => 2, member } = open(parts);
  const arrive = honest(name, `${name}-${parts.random.fill('******')}`);
  const window = { from: Math.max(from, parts.span.from), until: Math.min(until, parts.span.until), shape };
  for (const [index, at] of spreadTimes(parts.count, window, parts.random.fork('times')).entries()) {
    const random = parts.random.fork(`member ${index}`);
    yield arrive({ at, planned: member(at, random), random });
  }
}

/** A stretch of `ms` that lies somewhere in the span. */
export function somewhereIn({ from, until }: Span, ms: number, random: Random): Span {
  const begin = random.between(from, Math.max(from, until - ms));
  return { from: begin, until: Math.min(until, begin + ms) };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The hours from `first` on some day of the span, by the clock of a place. */
export function onSomeDay(span: Span, { first, hours, offsetH }: DayHours, random: Random): Span {
  const days = Math.max(1, Math.floor((span.until - span.from) / dayMs) - 1);
  const from = Math.max(span.from, span.from + random.int(days) * dayMs + (first - offsetH) * hourMs);
  return { from, until: from + hours * hourMs };
}

interface DayHours {
  /** Local hour at which it begins, if the span begins at midnight UTC. */
  readonly first: number;
  readonly hours: number;
  readonly offsetH: number;
}
