import type { Node } from '../expression/checked-expression.js';
import type { InputInfo } from '../model/expression-scope.js';
import type { Value } from '../model/value.js';
import { childNodes } from './child-nodes.js';
import type { RuleTrial } from './rule-trial.js';

interface Constants {
  readonly numbers: Set<number>;
  readonly texts: Set<string>;
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
  of({ name, slot, type, values }: InputInfo, from: Value | null): readonly Value[] {
    const { numbers, texts } = this.#bySlot.get(slot) ?? none;
    if (type === 'boolean') return [true, false].filter((value) => value !== from);
    if (type === 'number') return numbersNear([...numbers], from);
    const known = values ?? [...[...texts].flatMap(textsNear), `another ${name}`];
    return known.filter((value) => value !== from);
  }

  private collect(ast: Node, reads: readonly InputInfo[]): void {
    const constants: Constants = { numbers: new Set([0, 1]), texts: new Set() };
    gather(ast, constants);
    for (const { slot } of reads) {
      const own = this.#bySlot.get(slot) ?? { numbers: new Set(), texts: new Set() };
      for (const value of constants.numbers) own.numbers.add(value);
      for (const value of constants.texts) own.texts.add(value);
      this.#bySlot.set(slot, own);
    }
  }
}

const none: Constants = { numbers: new Set([0, 1]), texts: new Set() };

function gather(node: Node, constants: Constants): void {
  // A pattern is no value that would match it.
  if (node.kind === 'call' && node.spec.name === 'matches') return;
  if (node.kind === 'literal' && typeof node.value === 'number') constants.numbers.add(node.value);
  if (node.kind === 'literal' && typeof node.value === 'string') constants.texts.add(node.value);
  for (const child of childNodes(node)) gather(child, constants);
}

/** A range is met by its first address. */
const textsNear = (text: string): string[] => {
  const range = /^([0-9a-f.:]+)\/\d{1,3}$/i.exec(text)?.[1];
  return range === undefined ? [text] : [range, text];
};

function numbersNear(numbers: readonly number[], from: Value | null): number[] {
  const around = numbers.flatMap((value) => [value, value - 1, value + 1]);
  const extremes = numbers.flatMap((value) => [value * 2, value * 1000 + 1000]);
  const origin = typeof from === 'number' ? from : 0;
  const distance = (value: number): number => Math.abs(value - origin);
  return [...new Set([...around, ...extremes])]
    .filter((value) => value >= 0 && value !== from)
    .sort((a, b) => distance(a) - distance(b));
}
