import type { InputInfo } from '../model/expression-scope.js';
import { type Slots, Unavailable, type Value } from '../model/value.js';
import { type Changed, FlipSearch } from './flip-search.js';
import type { RoomOf } from './lints/prove.js';
import type { RuleTrial } from './rule-trial.js';

/** A change of one input; null = it had no value. */
export interface Flip {
  readonly name: string;
  readonly from: Value | null;
  readonly to: Value;
}

/** Inputs that had a value once, and nobody knows any more which: no change of them is told. */
const lostReasons = ['erased', 'hashed', 'not_recorded'] as const;
export type LostReason = (typeof lostReasons)[number];

/**
 * The smallest change that turns the rule, from firing to not or from not to firing. One input is tried first, then two
 * together, then as many as it takes, each the one that brings the condition nearest; of as many inputs the change that is
 * least in all. The values tried come from the rule's own constants and from inputs that are compared with each other, and
 * are such as the input can have. Undefined when nothing of this does it.
 */
export function findFlip(trial: RuleTrial, slots: Slots, roomOf: RoomOf): readonly Flip[] | undefined {
  const search = new FlipSearch(trial, slots, roomOf);
  const inputs = trial
    .inputs()
    .filter(({ slot }) => !isLost(slots[slot]))
    .slice(0, mostInputs)
    .map((info) => ({ info, values: search.candidates(info) }));
  const singles = inputs.flatMap((input) => singleFlip(input, search, search.start) ?? []);
  const [best] = singles.sort((a, b) => sizeOf(a) - sizeOf(b));
  if (best !== undefined) return [{ name: best.name, from: best.from, to: best.to }];
  const found = pairFlip(inputs.slice(0, mostPaired), search) ?? stepwiseFlip(inputs, search);
  return found && settled(found, search);
}

const lost: ReadonlySet<string> = new Set(lostReasons);
const isLost = (reading: Slots[number]): boolean => reading instanceof Unavailable && lost.has(reading.reason);

/** Bounds the search; a rule reads a handful. */
const mostInputs = 24;
const mostPaired = 8;
const mostSteps = 8;
/** Of values tried together with another input's. */
const mostOfPair = 8;

/** The nearest, and the farthest: what takes all of an input's room. */
const ofPair = (values: readonly Value[]): readonly Value[] =>
  values.length <= mostOfPair ? values : [...values.slice(0, mostOfPair - 1), ...values.slice(-1)];

interface Input {
  readonly info: InputInfo;
  readonly values: readonly Value[];
}

interface FoundFlip extends Flip {
  readonly info: InputInfo;
}

function singleFlip(input: Input, search: FlipSearch, from: Changed): FoundFlip | undefined {
  const { info } = input;
  const values = search.candidatesAfter(from, info, input.values);
  const present = search.readingOf(info);
  const turnsWith = (value: Value): boolean => search.turns(search.change(from, info, value));
  const to = values.find(turnsWith);
  if (to === undefined) return undefined;
  return { info, name: info.name, from: present, to: nearestOf(info, [present, to], { search, turns: turnsWith }) };
}

interface Turning {
  readonly search: FlipSearch;
  readonly turns: (value: number) => boolean;
}

function nearestOf(info: InputInfo, [from, to]: readonly [Value | null, Value], { search, turns }: Turning): Value {
  if (typeof from !== 'number' || typeof to !== 'number') return to;
  const whole = search.isWhole(info) || (Number.isInteger(from) && Number.isInteger(to));
  return nearest(from, to, { whole, turns });
}

interface Halving {
  readonly whole: boolean;
  readonly turns: (value: number) => boolean;
}

/** Between a value that does not turn the rule and one that does: the turning point, found by halving. */
function nearest(from: number, to: number, { whole, turns }: Halving): number {
  const fine = whole ? 1 : Math.abs(to - from) / 1000;
  let stays = from;
  let turning = to;
  while (Math.abs(turning - stays) > fine) {
    const half = stays / 2 + turning / 2;
    const middle = whole ? Math.trunc(half) : half;
    // Numbers next to each other have none between them, however large they are or small.
    if (middle === stays || middle === turning) break;
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

function pairFlip(inputs: readonly Input[], search: FlipSearch): readonly FoundFlip[] | undefined {
  let best: readonly FoundFlip[] | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [first, second] of pairsOf(inputs, search))
    for (const value of ofPair(first.values)) {
      const { info } = first;
      const change = { info, name: info.name, from: search.readingOf(info), to: value };
      if (sizeOf(change) >= least) continue;
      const flip = singleFlip(second, search, search.change(search.start, info, value));
      if (flip === undefined || totalOf([change, flip]) >= least) continue;
      best = [change, flip];
      least = totalOf(best);
    }
  return best;
}

/** Every two, in the order in which values are chosen: in both where the one's values depend on the other. */
function* pairsOf(inputs: readonly Input[], search: FlipSearch): Generator<readonly [Input, Input]> {
  for (const [index, first] of inputs.entries())
    for (const second of inputs.slice(index + 1)) {
      yield [first, second];
      if (search.together(first.info).has(second.info.slot)) yield [second, first];
    }
}

/** Always the change that brings the condition nearest. */
function stepwiseFlip(inputs: readonly Input[], search: FlipSearch): readonly FoundFlip[] | undefined {
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
  return [...chosen].map(([info, to]) => ({ info, name: info.name, from: search.readingOf(info), to }));
}

/** Without what turns out not to be needed, and each as near as the others leave it. */
function settled(flip: readonly FoundFlip[], search: FlipSearch): readonly Flip[] {
  const chosen = new Map(flip.map(({ info, to }) => [info, to]));
  const changedBut = (left: InputInfo): Changed =>
    [...chosen].reduce(
      (changed, [info, to]) => (info === left ? changed : search.change(changed, info, to)),
      search.start,
    );
  for (const { info } of flip) if (search.turns(changedBut(info))) chosen.delete(info);
  for (const [info, to] of chosen) {
    const others = changedBut(info);
    const turns = (value: number): boolean => search.turns(search.change(others, info, value));
    chosen.set(info, nearestOf(info, [search.readingOf(info), to], { search, turns }));
  }
  return [...chosen].map(([info, to]) => ({ name: info.name, from: search.readingOf(info), to }));
}

type Step = readonly { readonly info: InputInfo; readonly value: Value }[];

/** One change; or two at once of inputs that a part of the condition reads together, where no one does it. */
function bestStep(inputs: readonly Input[], search: FlipSearch, from: Changed): Step | undefined {
  let best: Step | undefined;
  let least: readonly [distance: number, size: number] = [search.distance(from), 0];
  const consider = (step: Step, changed: Changed): void => {
    const found = [search.distance(changed), stepSize(step, search)] as const;
    if (found[0] < least[0] || (found[0] === least[0] && found[1] < least[1])) [least, best] = [found, step];
  };
  for (const { info, values } of inputs)
    for (const value of search.candidatesAfter(from, info, values))
      consider([{ info, value }], search.change(from, info, value));
  if (best !== undefined) return best;
  for (const { info, values } of inputs) {
    const joined = search.together(info);
    const others = inputs.filter((other) => other.info.slot > info.slot && joined.has(other.info.slot));
    for (const value of ofPair(values)) {
      const first = search.change(from, info, value);
      for (const other of others)
        for (const second of ofPair(other.values)) {
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

const stepSize = (step: Step, search: FlipSearch): number =>
  step.reduce((sum, { info, value }) => sum + sizeOf({ from: search.readingOf(info), to: value }), 0);

const totalOf = (flip: readonly Flip[]): number => flip.reduce((sum, change) => sum + sizeOf(change), 0);

/** Relative for numbers; a value where there was none, or another word, is a whole change. */
function sizeOf({ from, to }: Pick<Flip, 'from' | 'to'>): number {
  if (typeof from === 'number' && typeof to === 'number')
    return Math.abs(to - from) / (Math.abs(from) + Math.abs(to) + 1);
  return from === null ? 2 : 1;
}

/** How far a rule is from turning: few inputs before many, small changes before large; infinite when nothing small does it. */
export const flipDistance = (flip: readonly Flip[] | undefined): number =>
  flip === undefined ? Number.POSITIVE_INFINITY : flip.reduce((sum, change) => sum + 10 + sizeOf(change), 0);
