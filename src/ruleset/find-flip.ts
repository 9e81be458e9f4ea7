import type { Node } from '../expression/checked-expression.js';
import type { InputInfo } from '../model/expression-scope.js';
import { isKnown, type Slots, type Value } from '../model/value.js';
import { childNodes } from './child-nodes.js';
import type { RuleTrial } from './rule-trial.js';

/** A change of one input; null = it had no value. */
export interface Flip {
  readonly name: string;
  readonly from: Value | null;
  readonly to: Value;
}

/**
 * The smallest change that turns the rule, from firing to not or from not to firing. One input is tried first, then two
 * together; the values tried come from the rule's own constants. Undefined when nothing small does it.
 */
export function findFlip(trial: RuleTrial, slots: Slots): readonly Flip[] | undefined {
  const fires = trial.result(slots) === 'fires';
  const turns = (changed: Slots): boolean => (trial.result(changed) === 'fires') !== fires;
  const constants = constantsOf(trial);
  const inputs = trial.inputs().slice(0, mostInputs);
  const singles = inputs.flatMap((info) => singleFlip(info, { slots, constants, turns }) ?? []);
  const [best] = singles.sort((a, b) => sizeOf(a) - sizeOf(b));
  if (best !== undefined) return [best];
  return pairFlip(inputs, { slots, constants, turns });
}

/** Bounds the search; a rule reads a handful. */
const mostInputs = 24;

interface Search {
  readonly slots: Slots;
  readonly constants: Constants;
  readonly turns: (slots: Slots) => boolean;
}

interface Constants {
  readonly numbers: readonly number[];
  readonly texts: readonly string[];
}

function constantsOf({ declaration }: RuleTrial): Constants {
  const numbers = new Set<number>([0, 1]);
  const texts = new Set<string>();
  const visit = (node: Node): void => {
    if (node.kind === 'literal' && typeof node.value === 'number') numbers.add(node.value);
    if (node.kind === 'literal' && typeof node.value === 'string') texts.add(node.value);
    for (const child of childNodes(node)) visit(child);
  };
  for (const { ast } of [declaration.when, declaration.points, ...declaration.exceptions.map(({ when }) => when)])
    visit(ast);
  return { numbers: [...numbers], texts: [...texts] };
}

function candidates({ type, values, name }: InputInfo, from: Value | null, { numbers, texts }: Constants): Value[] {
  if (type === 'boolean') return [true, false].filter((value) => value !== from);
  if (type === 'string') return [...(values ?? [...texts, `another ${name}`])].filter((value) => value !== from);
  const around = numbers.flatMap((value) => [value, value - 1, value + 1, value * 2]);
  const extremes = numbers.map((value) => value * 1000 + 1000);
  return [...new Set([...around, ...extremes])].filter((value) => value >= 0 && value !== from).sort(byDistance(from));
}

const byDistance = (from: Value | null) => {
  const origin = typeof from === 'number' ? from : 0;
  return (a: number, b: number): number => Math.abs(a - origin) - Math.abs(b - origin);
};

const readingOf = (info: InputInfo, slots: Slots): Value | null => {
  const reading = slots[info.slot];
  return isKnown(reading) ? reading : null;
};

function singleFlip(info: InputInfo, search: Search): Flip | undefined {
  const from = readingOf(info, search.slots);
  const turnsWith = (value: Value): boolean => search.turns(search.slots.with(info.slot, value));
  const to = candidates(info, from, search.constants).find(turnsWith);
  if (to === undefined) return undefined;
  const whole = typeof from === 'number' && typeof to === 'number' && Number.isInteger(from) && Number.isInteger(to);
  return { name: info.name, from, to: whole ? nearest(from, to, turnsWith) : to };
}

/** Between a value that does not turn the rule and one that does: the turning point, found by halving. */
function nearest(from: number, to: number, turns: (value: number) => boolean): number {
  let stays = from;
  let turning = to;
  while (Math.abs(turning - stays) > 1) {
    const middle = Math.trunc((stays + turning) / 2);
    if (turns(middle)) turning = middle;
    else stays = middle;
  }
  return turning;
}

function pairFlip(inputs: readonly InputInfo[], { slots, constants, turns }: Search): readonly Flip[] | undefined {
  for (const [index, first] of inputs.entries())
    for (const value of candidates(first, readingOf(first, slots), constants)) {
      const changed = slots.with(first.slot, value);
      for (const second of inputs.slice(index + 1)) {
        const flip = singleFlip(second, { slots: changed, constants, turns });
        if (flip !== undefined) return [{ name: first.name, from: readingOf(first, slots), to: value }, flip];
      }
    }
  return undefined;
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
