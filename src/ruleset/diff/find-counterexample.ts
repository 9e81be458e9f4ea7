import type { Value } from '../../model/value.js';
import { holds, type Room } from '../lints/room.js';
import type { ConditionForm, LeafForm, LeafTest } from './condition-form.js';
import { accepts } from './implies.js';

/** What can be compared, by its key, can have these values. */
export type RoomOfKey = (key: string) => Room;

/** `none`: it has been looked at whole. `unknown`: there was too much to look at. */
export type Search = 'found' | 'none' | 'unknown';

/** Partial choices that are looked at; two conditions of a few dozen parts need far fewer. */
const mostChoices = 5000;

/**
 * Looks for values with which the first condition is true and the second is not. What several comparisons say of one input
 * is taken together; whatever else a part says may come out either way, so `none` is a proof.
 */
export function findCounterexample(first: ConditionForm, second: ConditionForm, roomOf: RoomOfKey): Search {
  return new CounterexampleSearch(first, second, roomOf).run();
}

/** One value to choose, and which leaves are true with each choice. */
interface Choice {
  readonly truths: readonly ReadonlySet<string>[];
  /** Keys of the leaves that it settles. */
  readonly settles: ReadonlySet<string>;
}

class CounterexampleSearch {
  readonly #choices: readonly Choice[];
  readonly #settled = new Map<string, boolean>();
  #left = mostChoices;

  constructor(
    private readonly first: ConditionForm,
    private readonly second: ConditionForm,
    roomOf: RoomOfKey,
  ) {
    this.#choices = choicesOf([...leavesOf(first), ...leavesOf(second)], roomOf);
  }

  run(next = 0): Search {
    const [first, second] = [this.#truthOf(this.first), this.#truthOf(this.second)];
    if (first === false || second === true) return 'none';
    if (first === true && second === false) return 'found';
    const choice = this.#choices[next];
    if (choice === undefined) return 'none';
    for (const truths of choice.truths) {
      if (--this.#left < 0) return 'unknown';
      for (const key of choice.settles) this.#settled.set(key, truths.has(key));
      const found = this.run(next + 1);
      if (found !== 'none') return found;
    }
    for (const key of choice.settles) this.#settled.delete(key);
    return 'none';
  }

  /** Undefined while that depends on what has not been chosen. False is also unknown: neither fires. */
  #truthOf(form: ConditionForm): boolean | undefined {
    if (form.kind === 'leaf') return this.#settled.get(form.key);
    const settles = form.kind === 'or';
    let result: boolean | undefined = !settles;
    for (const child of form.children) {
      const truth = this.#truthOf(child);
      if (truth === settles) return settles;
      if (truth === undefined) result = undefined;
    }
    return result;
  }
}

const leavesOf = (form: ConditionForm): readonly LeafForm[] =>
  form.kind === 'leaf' ? [form] : form.children.flatMap(leavesOf);

function choicesOf(leaves: readonly LeafForm[], roomOf: RoomOfKey): readonly Choice[] {
  const compared = grouped(leaves, ({ test }) => (isComparison(test) ? test.of : undefined));
  const others = grouped(leaves, ({ key, test }) => (isComparison(test) ? undefined : withoutNot(key)));
  return [
    ...[...compared].map(([of, group]) => comparedChoice(group, roomOf(of))),
    ...[...others.values()].map(eitherWay),
  ];
}

function grouped(leaves: readonly LeafForm[], subjectOf: (leaf: LeafForm) => string | undefined) {
  const groups = new Map<string, LeafForm[]>();
  for (const leaf of leaves) {
    const subject = subjectOf(leaf);
    if (subject !== undefined) groups.set(subject, [...(groups.get(subject) ?? []), leaf]);
  }
  return groups;
}

const withoutNot = (key: string): string => (key.startsWith('!') ? key.slice(1) : key);

type Compared = Extract<LeafTest, { kind: 'compare' | 'among' }>;

const isComparison = (test: LeafTest): test is Compared => test.kind === 'compare' || test.kind === 'among';

/** The values that the leaves tell apart, and that there is none: then none of them is true. */
function comparedChoice(leaves: readonly LeafForm[], room: Room): Choice {
  const settles = new Set(leaves.map(({ key }) => key));
  const constants = leaves.flatMap(({ test }) => constantsOf(test));
  const values = valuesApart(constants, leaves.some(isOrdered), room);
  const truths = values.map(
    (value) => new Set(leaves.filter(({ test }) => accepts(test, value)).map(({ key }) => key)),
  );
  return { settles, truths: [...truths, new Set()] };
}

const isOrdered = ({ test }: LeafForm): boolean =>
  test.kind === 'compare' && test.operator !== '==' && test.operator !== '!=';

/** A part and its opposite: the one is true, the other, or neither, where it is unknown. */
function eitherWay(leaves: readonly LeafForm[]): Choice {
  const settles = new Set(leaves.map(({ key }) => key));
  return { settles, truths: [...[...settles].map((key) => new Set([key])), new Set()] };
}

function constantsOf(test: LeafTest): readonly Value[] {
  if (test.kind === 'among') return test.values;
  return test.kind === 'compare' ? [test.value] : [];
}

/** One of each kind: the constants themselves, and what lies between and beside them. */
function valuesApart(constants: readonly Value[], isOrdered: boolean, room: Room): readonly Value[] {
  if (room.only !== undefined) return [...room.only];
  const numbers = constants.filter((value) => typeof value === 'number');
  const texts = constants.filter((value) => typeof value === 'string');
  const others = constants.some((value) => typeof value === 'boolean') ? [true, false] : [];
  return [
    ...others,
    ...(texts.length === 0 ? [] : new Set([...texts, ...(isOrdered ? textsBetween(texts) : [anotherThan(texts)])])),
    ...(numbers.length === 0 ? [] : numbersApart(numbers, room)),
  ];
}

const anotherThan = (texts: readonly string[]): string => `not ${texts.join(' nor ')}`;

/** The first of all texts, and what comes right after each: with the texts themselves one of each kind in their order. */
const textsBetween = (texts: readonly string[]): readonly string[] => ['', ...texts.map((text) => `${text}\u0000`)];

function numbersApart(constants: readonly number[], room: Room): readonly number[] {
  const ends = [room.low, room.high].filter(Number.isFinite);
  const marks = [...new Set([...constants, ...ends])].sort((a, b) => a - b);
  const between = marks.flatMap((mark, index) => {
    const next = marks[index + 1];
    if (room.whole) return [Math.floor(mark), Math.ceil(mark), Math.floor(mark) + 1, Math.ceil(mark) - 1];
    return next === undefined ? [mark, mark + 1] : [mark, mark / 2 + next / 2];
  });
  const [least = 0] = marks;
  return [...new Set([least - 1, ...between])].filter((value) => holds(room, value));
}
