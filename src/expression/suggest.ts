import { own } from '../model/own.js';
import { stemOf, tellingWords, wordsOf } from './name-words.js';

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}

/** Groups as other tools call them. */
const otherGroups: Readonly<Record<string, string>> = {
  network: 'ip',
  geo: 'ip',
  address: 'ip',
  card: 'payment',
  mail: 'email',
  user: 'account',
  customer: 'account',
  key: 'api_key',
  tel: 'phone',
  list: 'lists',
};

/** What authors put before a name that needs nothing before it. */
const needless: ReadonlySet<string> = new Set(
  ['event', 'signal', 'feature', 'predicate', 'input', 'rule'].flatMap((word) => [word, `${word}s`]),
);

const otherParts: Readonly<Record<string, string>> = {
  asnumber: 'asn',
  subnet: 'prefix',
  organisation: 'organization',
};

/** A name, taken apart once. */
interface Parts {
  readonly name: string;
  /** Words without what stands between them. */
  readonly joined: string;
  readonly group: string;
  readonly rest: string;
  readonly words: readonly string[];
}

function partsOf(name: string): Parts {
  const words = wordsOf(name);
  const dot = name.indexOf('.');
  const group = dot < 0 ? '' : name.slice(0, dot).toLowerCase();
  const rest = wordsOf(dot < 0 ? name : name.slice(dot + 1));
  const joined = rest.join('');
  return {
    name,
    joined: words.join(''),
    group,
    rest: own(otherParts, joined) ?? joined,
    words: dot < 0 ? words : rest,
  };
}

/** Never a typing slip, only another way to say it: that much farther than the same name. */
const furthestOf = ({ joined }: Parts): number => (joined.length <= 3 ? 1 : Math.max(2, Math.floor(joined.length / 4)));

/** How much of the words of two names is the same; undefined when it says nothing. */
function wordDistance(written: Parts, known: Parts): number | undefined {
  if (written.group !== '' && written.group !== known.group) return undefined;
  const [mine, theirs] = [tellingWords(written.words), tellingWords(known.words)];
  const shared = mine.filter((word) => theirs.includes(word)).length;
  if (mine.length === 0 || shared === 0) return undefined;
  const extra = theirs.length - shared;
  if (shared === mine.length)
    return (extra === 0 ? 1.1 : 1.4) + 0.2 * extra + (written.group === known.group ? 0 : 0.3);
  return shared >= 2 && 3 * shared >= 2 * Math.max(mine.length, theirs.length) ? 1.9 : undefined;
}

/** One name goes on where the other ends: `accounts_per_card` and `accounts_per_card_90d`. */
function prefixDistance(written: Parts, known: Parts): number | undefined {
  const [short, long] = written.joined.length < known.joined.length ? [written, known] : [known, written];
  const more = long.joined.length - short.joined.length;
  if (short.joined.length < 5 || more > 8 || !long.joined.startsWith(short.joined)) return undefined;
  return 1.6 + 0.04 * more;
}

/** The edit distance where it is no more than `furthest`, which lengths alone rule out for most names. */
const within = (furthest: number, from: string, to: string): number =>
  Math.abs(from.length - to.length) > furthest ? Number.POSITIVE_INFINITY : editDistance(from, to);

/**
 * How far a known name is from what was written; names that share the last part or the group are nearer. More than
 * `furthest` is as good as infinitely far.
 */
function distance(written: Parts, known: Parts, furthest: number): number {
  if (written.joined === known.joined) return written.name === known.name ? 0 : 0.1;
  if (needless.has(written.group) && written.rest === known.joined) return 0.2;
  if (written.rest === known.rest && [written.group, own(otherGroups, written.group)].includes(known.group)) return 0.2;
  if (written.name.startsWith(`${known.name}.`)) return 0.5;
  const stems = ({ words, group }: Parts) => `${group}.${words.map(stemOf).sort().join('.')}`;
  const ways = [
    within(furthest, written.joined, known.joined),
    stems(written) === stems(known) ? 0.4 : undefined,
    written.rest === known.rest && known.group !== '' ? 1.7 : undefined,
    written.group === '' && known.group !== '' ? within(furthest, written.joined, known.rest) + 1 : undefined,
    wordDistance(written, known),
    prefixDistance(written, known),
  ];
  return Math.min(...ways.filter((way) => way !== undefined));
}

/** The known names nearest to what was written, best first, at most three; none when nothing is near. */
export function nearest(written: string, known: Iterable<string>): readonly string[] {
  if (written.length > 100) return [];
  const parts = partsOf(written);
  const furthest = furthestOf(parts);
  return [...new Set(known)]
    .map((name) => ({ name, away: distance(parts, partsOf(name), furthest) }))
    .filter(({ away }) => away <= furthest)
    .sort((a, b) => a.away - b.away || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

const groupOf = (name: string): string => (name.includes('.') ? name.slice(0, name.indexOf('.')) : '');

/** The names of the group that was written before the dot. */
function membersOf(written: string, known: Iterable<string>): readonly string[] {
  const group = groupOf(written);
  return group === '' ? [] : [...known].filter((name) => groupOf(name) === group);
}

/** One word of the one is nearly one of the other: `is_prxy`, `is_public_proxy`. */
function sharesWord(written: string, known: string): boolean {
  const [mine, theirs] = [written, known].map((name) => tellingWords(wordsOf(name.slice(name.indexOf('.') + 1))));
  const isNear = (one: string, other: string): boolean => one.length > 3 && editDistance(one, other) <= 1;
  return mine?.some((word) => theirs?.some((other) => isNear(word, other))) === true;
}

/** As `nearest`; whoever writes a group that there is means one of its members, but for what another has of this name. */
function nearestNames(written: string, known: Iterable<string>): readonly string[] {
  const all = [...known];
  const members = membersOf(written, all);
  const elsewhere = `${own(otherGroups, groupOf(written))}${written.slice(groupOf(written).length)}`;
  const same = all.filter((name) => name === elsewhere);
  const near = [...new Set([...same, ...nearest(written, members), ...nearest(written, all)])];
  const alike = near.length > 0 || written.length > 100 ? near : members.filter((name) => sharesWord(written, name));
  return alike.slice(0, 3);
}

const asked = ([best, ...others]: readonly string[]): string | undefined => {
  if (best === undefined) return undefined;
  const more = others.map((name) => `'${name}'`).join(', ');
  return `did you mean '${best}'?${more === '' ? '' : ` (or ${more})`}`;
};

/** `did you mean 'a'?`, best first; undefined when nothing is near. */
export const didYouMean = (written: string, known: Iterable<string>): string | undefined =>
  asked(nearest(written, known));

/** The same for a name of the scope; where its group is known but nothing in it is near, what is in it. */
export function didYouMeanName(written: string, known: Iterable<string>): string | undefined {
  const all = [...known];
  return asked(nearestNames(written, all)) ?? showMembers(groupOf(written), membersOf(written, all));
}

const mostShown = 8;

/** What a group has. */
export function showMembers(group: string, members: readonly string[]): string | undefined {
  if (members.length === 0) return undefined;
  const more = members.length > mostShown ? ' …' : '';
  return `'${group}' has the members ${members.slice(0, mostShown).join(', ')}${more}`;
}
