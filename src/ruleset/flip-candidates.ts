import type { Node } from '../expression/checked-expression.js';
import type { InputInfo } from '../model/expression-scope.js';
import type { Value } from '../model/value.js';
import { childNodes } from './child-nodes.js';
import { holds, type Room } from './lints/room.js';
import type { RuleTrial } from './rule-trial.js';

interface Constants {
  readonly numbers: Set<number>;
  readonly texts: Set<string>;
  /** Texts are compared by their order: what comes before and after them makes a difference. */
  isOrdered: boolean;
}

/** What an input is, could be, and is read beside. */
interface Surroundings {
  readonly from: Value | null;
  /** What it can be at all. */
  readonly room: Room;
  /** Values of the inputs that parts of the rule read together with it. */
  readonly others: readonly Value[];
}

/** Values worth trying for each input of a rule: those that its own comparisons name, and what lies beside them. */
export class FlipCandidates {
  readonly #bySlot = new Map<number, Constants>();

  constructor({ declaration, tree }: RuleTrial) {
    for (const { ast, reads } of tree.leaves) this.collect(ast, reads);
    for (const { ast, reads } of [declaration.points, ...declaration.exceptions.map(({ when }) => when)])
      this.collect(ast, reads);
  }

  /** Nearest to the present value first. */
  of({ name, slot, type, values }: InputInfo, { from, room, others }: Surroundings): readonly Value[] {
    const { numbers, texts, isOrdered } = this.#bySlot.get(slot) ?? noConstants();
    if (type === 'boolean') return [true, false].filter((value) => value !== from);
    if (type === 'number') return numbersNear([...numbers, ...others.filter(isNumber)], from, room);
    const named = [...texts, ...others.filter(isText)];
    const near = [...named.flatMap(textsNear), ...(isOrdered ? named.flatMap(textsBeside) : [])];
    return [...new Set(values ?? [...near, `another ${name}`])].filter((value) => value !== from);
  }

  private collect(ast: Node, reads: readonly InputInfo[]): void {
    const constants = noConstants();
    gather(ast, constants);
    for (const { slot } of reads) {
      const own = this.#bySlot.get(slot) ?? noConstants();
      own.isOrdered ||= constants.isOrdered;
      for (const value of constants.numbers) own.numbers.add(value);
      for (const value of constants.texts) own.texts.add(value);
      this.#bySlot.set(slot, own);
    }
  }
}

/** These values, and those that lie beside what other inputs have become. */
export function withBeside(
  values: readonly Value[],
  { type }: InputInfo,
  { from, room, others }: Surroundings,
): readonly Value[] {
  if (type === 'string') return [...new Set([...others.filter(isText), ...values])].filter((value) => value !== from);
  if (type !== 'number') return values;
  const near = others.filter(isNumber).flatMap(room.whole ? besideWhole : beside);
  const added = near.filter((value) => value !== from && !values.includes(value) && holds(room, value));
  return added.length === 0 ? values : [...values.filter(isNumber), ...added].sort(nearestTo(from));
}

const noConstants = (): Constants => ({ numbers: new Set([0, 1]), texts: new Set(), isOrdered: false });

function gather(node: Node, constants: Constants): void {
  // A pattern is no value that would match it.
  if (node.kind === 'call' && node.spec.name === 'matches') return;
  if (node.kind === 'literal' && typeof node.value === 'number') constants.numbers.add(node.value);
  if (node.kind === 'literal' && typeof node.value === 'string') constants.texts.add(node.value);
  if (node.kind === 'compare' && node.left.type === 'string' && /[<>]/.test(node.operator)) constants.isOrdered = true;
  for (const child of childNodes(node)) gather(child, constants);
}

/** A range is met by its first address. */
const textsNear = (text: string): string[] => {
  const range = /^([0-9a-f.:]+)\/\d{1,3}$/i.exec(text)?.[1];
  return range === undefined ? [text] : [range, text];
};

/** One that comes right before it or nearly so, and one that comes after it, both to be read by people. */
const textsBeside = (text: string): string[] => [beforeText(text), `${text}0`];

/** `l` for `m`; of a longer one its beginning. */
function beforeText(text: string): string {
  const code = text.charCodeAt(0);
  return text.length === 1 && code > 0x30 && code < 0x7f ? String.fromCharCode(code - 1) : text.slice(0, -1);
}

const isNumber = (value: Value): value is number => typeof value === 'number';
const isText = (value: Value): value is string => typeof value === 'string';

/** Whole numbers where the input is one, and never one that it cannot be. */
function numbersNear(numbers: readonly number[], from: Value | null, room: Room): number[] {
  // What is written with a sign, or comes to the other side of a comparison, has the opposite one.
  const named = room.low < 0 ? numbers.flatMap((value) => [value, -value]) : numbers;
  const around = named.flatMap(beside);
  const far = named.flatMap((value) => [value * 2, value * 1000 + Math.sign(value || 1) * 1000]);
  const ends = [room.low, room.high].filter(Number.isFinite);
  const possible = [...around, ...far, ...ends].flatMap((value) =>
    room.whole ? [Math.floor(value), Math.ceil(value)] : [value],
  );
  const found = [...new Set(possible)].sort(nearestTo(from));
  // Round numbers first: they are easier to read.
  const last = room.whole ? [] : between(named).sort(nearestTo(from));
  return [...found, ...last].filter((value) => value !== from && holds(room, value));
}

/** Where a fraction is possible, more than 0 and less than 1 is a half. */
function between(numbers: readonly number[]): number[] {
  const ordered = [...new Set(numbers)].sort((a, b) => a - b);
  return ordered.slice(1).map((value, index) => (value + (ordered[index] ?? value)) / 2);
}

const beside = (value: number): readonly number[] => [value, value - 1, value + 1];
const besideWhole = (value: number): readonly number[] => [...beside(Math.floor(value)), Math.ceil(value)];

function nearestTo(from: Value | null): (a: number, b: number) => number {
  const origin = typeof from === 'number' ? from : 0;
  return (a, b) => Math.abs(a - origin) - Math.abs(b - origin);
}
