/**
 * What a change does to people, as far as it can be shown: `stricter` can hold or limit more of them, `looser` fewer,
 * `either` one or the other, `none` changes no outcome.
 */
const effects = ['stricter', 'either', 'looser', 'none'] as const;
export type Effect = (typeof effects)[number];

type ChangedThing = 'rule' | 'policy' | 'feature' | 'link' | 'list' | 'predicate' | 'reason';

/** One difference between two rule sets, in words. */
export interface Change {
  readonly thing: ChangedThing;
  /** Its name; of the policy the key. */
  readonly name: string;
  /** `added`, `removed`, `renamed`, or the key that is another: `when`, `points`, `mode`. */
  readonly what: string;
  readonly text: string;
  readonly effect: Effect;
  /** Higher can do more to people; orders changes of one effect. */
  readonly weight: number;
}

const rankOf = (effect: Effect): number => effects.indexOf(effect);

/** What can hold more people first, and of that what can do most. */
export const byEffect = (a: Change, b: Change): number =>
  rankOf(a.effect) - rankOf(b.effect) ||
  b.weight - a.weight ||
  compareText(a.thing, b.thing) ||
  compareText(a.name, b.name);

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const opposite = (effect: Effect): Effect =>
  effect === 'stricter' ? 'looser' : effect === 'looser' ? 'stricter' : effect;

/** Of a number of which more can hold more people. */
export const effectOf = (before: number, after: number): Effect =>
  after === before ? 'none' : after > before ? 'stricter' : 'looser';

/** What two changes together do. */
export function together(a: Effect, b: Effect): Effect {
  if (a === 'none' || a === b) return b;
  return b === 'none' ? a : 'either';
}
