import type { InputInfo } from '../model/expression-scope.js';
import { type Slots, Unavailable, type Value } from '../model/value.js';
import { type Changed, FlipSearch } from './flip-search.js';
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
  const search = new FlipSearch(trial, slots);
  const inputs = trial
    .inputs()
    .filter(({ slot }) => !isLost(slots[slot]))
    .slice(0, mostInputs)
    .map((info) => ({ info, values: search.candidates(info) }));
  const singles = inputs.flatMap((input) => singleFlip(input, search, search.start) ?? []);
  const [best] = singles.sort((a, b) => sizeOf(a) - sizeOf(b));
  if (best !== undefined) return [best];
  return pairFlip(inputs.slice(0, mostPaired), search) ?? stepwiseFlip(inputs, search);
}

const lost: ReadonlySet<string> = new Set(lostReasons);
const isLost = (reading: Slots[number]): boolean => reading instanceof Unavailable && lost.has(reading.reason);

/** Bounds the search; a rule reads a handful. */
const mostInputs = 24;
const mostPaired = 8;
const mostSteps = 8;
/** Of values tried together with another input's. */
const mostOfPair = 8;

interface Input {
  readonly info: InputInfo;
  readonly values: readonly Value[];
}

function singleFlip({ info, values }: Input, search: FlipSearch, from: Changed): Flip | undefined {
  const present = search.readingOf(info);
  const turnsWith = (value: Value): boolean => search.turns(search.change(from, info, value));
  const to = values.find(turnsWith);
  if (to === undefined) return undefined;
  const isBetween = typeof present === 'number' && typeof to === 'number';
  return { name: info.name, from: present, to: isBetween ? nearest(present, to, turnsWith) : to };
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
  if (whole) return turning;
  const near = shorter(turning, to).filter((value) => Math.abs(value - turning) <= fine * 20);
  return near.find(turns) ?? turning;
}

/** About the same in fewer digits, rounded towards what was tried first. */
const shorter = (value: number, towards: number): number[] =>
  [0, 1, 2, 3].map((digits) => {
    const scale = 10 ** digits;
    return (towards > value ? Math.ceil(value * scale) : Math.floor(value * scale)) / scale;
  });

function pairFlip(inputs: readonly Input[], search: FlipSearch): readonly Flip[] | undefined {
  for (const [index, { info, values }] of inputs.entries())
    for (const value of values.slice(0, mostOfPair)) {
      const changed = search.change(search.start, info, value);
      for (const second of inputs.slice(index + 1)) {
        const flip = singleFlip(second, search, changed);
        if (flip !== undefined) return [{ name: info.name, from: search.readingOf(info), to: value }, flip];
      }
    }
  return undefined;
}

/** Always the change that brings the condition nearest; what turns out not to be needed is left out again. */
function stepwiseFlip(inputs: readonly Input[], search: FlipSearch): readonly Flip[] | undefined {
  const chosen = new Map<InputInfo, Value>();
  let changed = search.start;
  while (!search.turns(changed)) {
    const step = bestStep(inputs, search, changed);
    if (step === undefined || chosen.size > mostSteps) return undefined;
    for (const { info, value } of step) {
      chosen.set(info, value);
      changed = search.change(changed, info, value);
    }
  }
  for (const info of [...chosen.keys()]) {
    const without = search.change(changed, info, search.readingOf(info) ?? undefined);
    if (!search.turns(without)) continue;
    chosen.delete(info);
    changed = without;
  }
  return [...chosen].map(([info, to]) => ({ name: info.name, from: search.readingOf(info), to }));
}

type Step = readonly { readonly info: InputInfo; readonly value: Value }[];

/** One change; or two at once of inputs that a part of the condition reads together, where no one does it. */
function bestStep(inputs: readonly Input[], search: FlipSearch, from: Changed): Step | undefined {
  let best: Step | undefined;
  let least = search.distance(from);
  const consider = (step: Step, changed: Changed): void => {
    const distance = search.distance(changed);
    if (distance < least) [least, best] = [distance, step];
  };
  for (const { info, values } of inputs)
    for (const value of values) consider([{ info, value }], search.change(from, info, value));
  if (best !== undefined) return best;
  for (const { info, values } of inputs) {
    const joined = search.together(info);
    const others = inputs.filter((other) => other.info.slot > info.slot && joined.has(other.info.slot));
    for (const value of values.slice(0, mostOfPair)) {
      const first = search.change(from, info, value);
      for (const other of others)
        for (const second of other.values.slice(0, mostOfPair)) {
          const step = [
            { info, value },
            { info: other.info, value: second },
          ];
          consider(step, search.change(first, other.info, second));
        }
    }
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
