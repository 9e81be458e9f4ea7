import { outcomeRank } from '../model/policy.js';
import { type Outcome, outcomes } from '../model/rule.js';

/** One rule's part in a decision: what it is, and what it would be if the rule were shadow instead of live, or live instead of shadow. */
export interface RuleEffect {
  readonly rule: number;
  readonly isLive: boolean;
  readonly otherwise: Outcome;
}

export interface Effects {
  readonly outcome: Outcome;
  /** Ascending by rule. */
  readonly rules: readonly RuleEffect[];
}

export const stricterOf = (one: Outcome, other: Outcome): Outcome =>
  outcomeRank[one] >= outcomeRank[other] ? one : other;

/** Effects of some events taken together: the strictest outcome, with each rule and otherwise. */
function together(one: Effects, other: Effects): Effects {
  const rules: RuleEffect[] = [];
  let [i, j] = [0, 0];
  while (i < one.rules.length || j < other.rules.length) {
    const a = one.rules[i];
    const b = other.rules[j];
    const rule = Math.min(a?.rule ?? Number.POSITIVE_INFINITY, b?.rule ?? Number.POSITIVE_INFINITY);
    const left = a?.rule === rule ? a : undefined;
    const right = b?.rule === rule ? b : undefined;
    const otherwise = stricterOf(left?.otherwise ?? one.outcome, right?.otherwise ?? other.outcome);
    rules.push({ rule, isLive: left?.isLive === true || right?.isLive === true, otherwise });
    if (left !== undefined) i++;
    if (right !== undefined) j++;
  }
  return { outcome: stricterOf(one.outcome, other.outcome), rules };
}

const keyOf = ({ outcome, rules }: Effects): string => {
  let key: string = outcome;
  for (const { rule, isLive, otherwise } of rules) key += `,${rule * 8 + (isLive ? 4 : 0) + outcomeRank[otherwise]}`;
  return key;
};

/** Number of `nothing has happened yet`. */
export const noEffects = 0;

/**
 * Effects by number. Accounts of one kind share a number, so that an account costs four bytes and what was put together once
 * is only looked up afterwards.
 */
export class EffectTable {
  private readonly all: Effects[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly sums: Map<number, number>[] = [];

  constructor() {
    this.numberOf({ outcome: 'allow', rules: [] });
  }

  get size(): number {
    return this.all.length;
  }

  of(number: number): Effects {
    return this.all[number] ?? { outcome: outcomes[0], rules: [] };
  }

  numberOf(effects: Effects): number {
    const key = keyOf(effects);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.all.push(effects) - 1;
    this.numbers.set(key, number);
    return number;
  }

  /** What an account amounts to after one more event. */
  add(state: number, event: number): number {
    if (state === event || event === noEffects) return state;
    if (state === noEffects) return event;
    const sums = this.sums[state] ?? new Map<number, number>();
    this.sums[state] = sums;
    const known = sums.get(event);
    if (known !== undefined) return known;
    const sum = this.numberOf(together(this.of(state), this.of(event)));
    sums.set(event, sum);
    return sum;
  }

  save(): readonly Effects[] {
    return this.all;
  }

  restore(saved: readonly Effects[]): void {
    for (const effects of saved) this.numberOf(effects);
  }
}
