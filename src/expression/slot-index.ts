import type { ScopeList } from '../model/expression-scope.js';
import { isKnown, type Reading, Unavailable, type Value } from '../model/value.js';
import type { Atom } from './access-atom.js';
import { type Interval, IntervalTree } from './interval-tree.js';

function add<K>(map: Map<K, number[]>, key: K, condition: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [condition]);
  else known.push(condition);
}

/** A number that is not finite is no value to a condition, either. */
const isUsable = (reading: Reading): reading is Value =>
  isKnown(reading) && (typeof reading !== 'number' || Number.isFinite(reading));

/** The conditions that may be true because of what one slot holds. */
export class SlotIndex {
  private readonly equal = new Map<Value, number[]>();
  private readonly prefixes = new Map<number, Map<string, number[]>>();
  private readonly lists = new Map<ScopeList, number[]>();
  private readonly known: number[] = [];
  private readonly absent: number[] = [];
  private readonly intervals: Interval[] = [];
  private tree = new IntervalTree([]);

  constructor(readonly slot: number) {}

  add(atom: Atom, condition: number): void {
    if (atom.kind === 'equal') add(this.equal, atom.value, condition);
    else if (atom.kind === 'range') this.intervals.push({ low: atom.low, high: atom.high, condition });
    else if (atom.kind === 'listed') add(this.lists, atom.list, condition);
    else if (atom.kind === 'prefix') this.addPrefix(atom.text, condition);
    else this[atom.kind].push(condition);
  }

  private addPrefix(text: string, condition: number): void {
    const ofLength = this.prefixes.get(text.length) ?? new Map<string, number[]>();
    add(ofLength, text, condition);
    this.prefixes.set(text.length, ofLength);
  }

  /** After the last `add`. */
  seal(): void {
    this.tree = new IntervalTree(this.intervals);
  }

  visit(reading: Reading, onCandidate: (condition: number) => void): void {
    if (reading instanceof Unavailable) return;
    if (!isUsable(reading)) {
      for (const condition of this.absent) onCandidate(condition);
      return;
    }
    for (const condition of this.known) onCandidate(condition);
    for (const condition of this.equal.get(reading) ?? []) onCandidate(condition);
    if (typeof reading === 'number') this.tree.visit(reading, onCandidate);
    for (const [length, texts] of this.prefixes) {
      const found = typeof reading === 'string' ? texts.get(reading.slice(0, length)) : undefined;
      if (found !== undefined) for (const condition of found) onCandidate(condition);
    }
    for (const [list, conditions] of this.lists) {
      if (list.has(reading)) for (const condition of conditions) onCandidate(condition);
    }
  }
}
