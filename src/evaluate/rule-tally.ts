import type { EventType } from '../model/event-type.js';
import type { RuleInfo } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import { AccountSketch } from './account-sketch.js';
import { type CountedException, type CountedRule, type CountName, noCounts, type RuleCounts } from './rule-counts.js';

interface Hour {
  readonly hour: Instant;
  readonly events: Map<EventType, number>;
  readonly rules: Map<string, RuleCounts>;
  readonly accounts: AccountSketch;
}

/** What was counted since the last time. */
export interface Drained {
  readonly rules: readonly CountedRule[];
  readonly exceptions: readonly CountedException[];
  readonly accounts: readonly { readonly hour: Instant; readonly sketch: AccountSketch }[];
}

interface Use {
  readonly rule: string;
  readonly exception: number;
  uses: number;
  lastUsedAt: Instant;
}

const beginning = (hour: Instant): Hour => ({
  hour,
  events: new Map(),
  rules: new Map(),
  accounts: AccountSketch.empty(),
});

/** Counts by rule and hour until somebody takes them. An event costs one addition, and one for each rule that fired. */
export class RuleTally {
  private now = beginning(0);
  private past: Hour[] = [];
  private uses = new Map<string, Use>();

  constructor(private readonly definitionOf: (rule: string) => string) {}

  event(type: EventType, accountId: string, hour: Instant): void {
    if (hour !== this.now.hour) this.turn(hour);
    this.now.accounts.add(accountId);
    this.now.events.set(type, (this.now.events.get(type) ?? 0) + 1);
  }

  add(rule: string, name: CountName, more = 1): void {
    this.countsOf(rule)[name] += more;
  }

  fired(rule: string, how: CountName, at: Instant): void {
    const counts = this.countsOf(rule);
    counts[how]++;
    counts.lastFiredAt = at;
  }

  excused(rule: string, exception: number | null, at: Instant): void {
    this.add(rule, exception === null ? 'cleared' : 'excepted');
    if (exception === null) return;
    const key = `${exception} ${rule}`;
    const use = this.uses.get(key);
    if (use === undefined) this.uses.set(key, { rule, exception, uses: 1, lastUsedAt: at });
    else {
      use.uses++;
      use.lastUsedAt = at;
    }
  }

  /** Everything so far, and begins anew. Rules without a single event of their types are left out. */
  drain(rules: readonly RuleInfo[]): Drained {
    const hours = [...this.past, this.now].filter(({ events }) => events.size > 0);
    const uses = [...this.uses.values()];
    this.past = [];
    this.now = beginning(this.now.hour);
    this.uses = new Map();
    return {
      rules: hours.flatMap((hour) => rules.flatMap((info) => this.counted(info, hour))),
      exceptions: uses.map((use) => ({ ...use, definition: this.definitionOf(use.rule) })),
      accounts: hours.map(({ hour, accounts }) => ({ hour, sketch: accounts })),
    };
  }

  private counted({ id, on, mode }: RuleInfo, { hour, events, rules }: Hour): CountedRule[] {
    if (mode === 'off') return [];
    let evaluated = 0;
    for (const type of on) evaluated += events.get(type) ?? 0;
    if (evaluated === 0) return [];
    const counts = { ...(rules.get(id) ?? noCounts()), evaluated };
    return [{ rule: id, definition: this.definitionOf(id), hour, counts }];
  }

  private countsOf(rule: string): RuleCounts {
    const known = this.now.rules.get(rule);
    if (known !== undefined) return known;
    const made = noCounts();
    this.now.rules.set(rule, made);
    return made;
  }

  private turn(hour: Instant): void {
    if (this.now.events.size > 0) this.past.push(this.now);
    this.now = beginning(hour);
  }
}
