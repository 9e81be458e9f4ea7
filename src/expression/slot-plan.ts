import type { Value } from '../model/value.js';
import type { Atom } from './access-atom.js';
import { type Interval, type IntervalBranch, intervalTree } from './interval-tree.js';

/** Which conditions may be true because of what one slot holds: plain data, which one thread can hand to another. */
export interface SlotPlan {
  readonly slot: number;
  readonly equal: ReadonlyMap<Value, readonly number[]>;
  /** By length, then by text. */
  readonly prefixes: ReadonlyMap<number, ReadonlyMap<string, readonly number[]>>;
  /** By the list's name. */
  readonly lists: ReadonlyMap<string, readonly number[]>;
  readonly known: readonly number[];
  readonly absent: readonly number[];
  readonly intervals: IntervalBranch | undefined;
}

function add<K>(map: Map<K, number[]>, key: K, condition: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [condition]);
  else known.push(condition);
}

/** Takes statements about one slot one by one. */
export class SlotPlanner {
  private readonly equal = new Map<Value, number[]>();
  private readonly prefixes = new Map<number, Map<string, number[]>>();
  private readonly lists = new Map<string, number[]>();
  private readonly known: number[] = [];
  private readonly absent: number[] = [];
  private readonly intervals: Interval[] = [];

  constructor(readonly slot: number) {}

  add(atom: Atom, condition: number): void {
    if (atom.kind === 'equal') add(this.equal, atom.value, condition);
    else if (atom.kind === 'range') this.intervals.push({ low: atom.low, high: atom.high, condition });
    else if (atom.kind === 'listed') add(this.lists, atom.list.name, condition);
    else if (atom.kind === 'prefix') this.addPrefix(atom.text, condition);
    else this[atom.kind].push(condition);
  }

  private addPrefix(text: string, condition: number): void {
    const ofLength = this.prefixes.get(text.length) ?? new Map<string, number[]>();
    add(ofLength, text, condition);
    this.prefixes.set(text.length, ofLength);
  }

  /** After the last `add`. */
  plan(): SlotPlan {
    const { slot, equal, prefixes, lists, known, absent } = this;
    return { slot, equal, prefixes, lists, known, absent, intervals: intervalTree(this.intervals) };
  }
}
