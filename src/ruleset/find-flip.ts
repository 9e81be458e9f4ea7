import type { InputInfo } from '../model/expression-scope.js';
import { isKnown, type Slots, Unavailable, type Value } from '../model/value.js';
import { FlipCandidates } from './flip-candidates.js';
import type { RuleTrial } from './rule-trial.js';

/** A change of one input; null = it had no value. */
export interface Flip {
  readonly name: string;
  readonly from: Value | null;
  readonly to: Value;
}

/** Inputs that had a value once, and nobody knows any more which: no change of them is told. */
export const lostReasons = ['erased', 'hashed', 'not_recorded'] as const;
export type LostReason = (typeof lostReasons)[number];

/**
 * The smallest change that turns the rule, from firing to not or from not to firing. One input is tried first, then two
 * together, then as many as it takes, each the one that brings the condition nearest; the values tried come from the
 * rule's own constants. Undefined when nothing of this does it.
 */
export function findFlip(trial: RuleTrial, slots: Slots): readonly Flip[] | undefined {
  const fires = trial.result(slots) === 'fires';
  const inputs = trial.inputs().filter(({ slot }) => !isLost(slots[slot]));
  const search: Search = {
    slots,
    candidates: new FlipCandidates(trial),
    turns: (changed) => (trial.result(changed) === 'fires') !== fires,
    distance: (changed) => trial.distance(changed, !fires),
  };
  const considered = inputs.slice(0, mostInputs);
  const singles = considered.flatMap((info) => singleFlip(info, search) ?? []);
  const [best] = singles.sort((a, b) => sizeOf(a) - sizeOf(b));
  if (best !== undefined) return [best];
  return (
    (considered.length > mostPaired ? undefined : pairFlip(considered, search)) ?? stepwiseFlip(considered, search)
  );
}

const lost: ReadonlySet<string> = new Set(lostReasons);
const isLost = (reading: Slots[number]): boolean => reading instanceof Unavailable && lost.has(reading.reason);

/** Bounds the search; a rule reads a handful. */
const mostInputs = 24;
/** Pairs are tried for all values of both. */
const mostPaired = 6;
const mostSteps = 6;

interface Search {
  readonly slots: Slots;
  readonly candidates: FlipCandidates;
  readonly turns: (slots: Slots) => boolean;
  /** How many parts of the condition are still in the way; 0 = it has turned. */
  readonly distance: (slots: Slots) => number;
}

const readingOf = (info: InputInfo, slots: Slots): Value | null => {
  const reading = slots[info.slot];
  return isKnown(reading) ? reading : null;
};

function singleFlip(info: InputInfo, { slots, candidates, turns }: Search): Flip | undefined {
  const from = readingOf(info, slots);
  const turnsWith = (value: Value): boolean => turns(slots.with(info.slot, value));
  const to = candidates.of(info, from).find(turnsWith);
  if (to === undefined) return undefined;
  return {
    name: info.name,
    from,
    to: typeof from === 'number' && typeof to === 'number' ? nearest(from, to, turnsWith) : to,
  };
}

/** Between a value that does not turn the rule and one that does: the turning point, found by halving. */
function nearest(from: number, to: number, turns: (value: number) => boolean): number {
  const whole = Number.isInteger(from) && Number.isInteger(to);
  const fine = whole ? 1 : Math.abs(to - from) / 1000;
  let stays = from;
  let turning = to;
  while (Math.abs(turning - stays) > fine) {
    const middle = whole ? Math.trunc((stays + turning) / 2) : (stays + turning) / 2;
    if (turns(middle)) turning = middle;
    else stays = middle;
  }
  return whole ? turning : (shortest(turning, to).find(turns) ?? turning);
}

/** The same in fewer digits, rounded towards what was tried first. */
const shortest = (value: number, towards: number): number[] =>
  [0, 1, 2, 3].map((digits) => {
    const scale = 10 ** digits;
    return (towards > value ? Math.ceil(value * scale) : Math.floor(value * scale)) / scale;
  });

function pairFlip(inputs: readonly InputInfo[], search: Search): readonly Flip[] | undefined {
  const { slots, candidates } = search;
  for (const [index, first] of inputs.entries())
    for (const value of candidates.of(first, readingOf(first, slots))) {
      const changed = slots.with(first.slot, value);
      for (const second of inputs.slice(index + 1)) {
        const flip = singleFlip(second, { ...search, slots: changed });
        if (flip !== undefined) return [{ name: first.name, from: readingOf(first, slots), to: value }, flip];
      }
    }
  return undefined;
}

/** Always the change that brings the condition nearest; what turns out not to be needed is left out again. */
function stepwiseFlip(inputs: readonly InputInfo[], search: Search): readonly Flip[] | undefined {
  const chosen = new Map<InputInfo, Value>();
  let { slots } = search;
  for (let step = 0; step < mostSteps && !search.turns(slots); step++) {
    const best = bestStep(
      inputs.filter((info) => !chosen.has(info)),
      { ...search, slots },
    );
    if (best === undefined) return undefined;
    chosen.set(best.info, best.value);
    slots = slots.with(best.info.slot, best.value);
  }
  if (!search.turns(slots)) return undefined;
  for (const info of [...chosen.keys()]) {
    const without = slots.with(info.slot, search.slots[info.slot]);
    if (!search.turns(without)) continue;
    chosen.delete(info);
    slots = without;
  }
  return [...chosen].map(([info, to]) => ({ name: info.name, from: readingOf(info, search.slots), to }));
}

interface Step {
  readonly info: InputInfo;
  readonly value: Value;
}

function bestStep(inputs: readonly InputInfo[], { slots, candidates, distance }: Search): Step | undefined {
  let best: Step | undefined;
  let least = distance(slots);
  for (const info of inputs)
    for (const value of candidates.of(info, readingOf(info, slots))) {
      const left = distance(slots.with(info.slot, value));
      if (left >= least) continue;
      least = left;
      best = { info, value };
    }
  return best;
}

/** Relative for numbers; a value where there was none, or another word, is a whole change. */
function sizeOf({ from, to }: Flip): number {
  if (typeof from === 'number' && typeof to === 'number')
    return Math.abs(to - from) / (Math.abs(from) + Math.abs(to) + 1);
  return from === null ? 2 : 1;
}

/** How far a rule is from turning: few inputs before many, small changes before large; infinite when nothing small does it. */
export const flipDistance = (flip: readonly Flip[] | undefined): number =>
  flip === undefined ? Number.POSITIVE_INFINITY : flip.reduce((sum, change) => sum + 10 + sizeOf(change), 0);
