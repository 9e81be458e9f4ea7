import { AccountSketch } from '../../evaluate/account-sketch.js';
import { addCounts, type CountedException, hourMs, noCounts, type RuleCounts } from '../../evaluate/rule-counts.js';
import type {
  CountBatch,
  RecordedFuse,
  RuleLedger,
  RuleState,
  RuleStateSince,
  RuleTotal,
} from '../../evaluate/rule-ledger.js';
import type { Instant } from '../../model/time.js';

interface Kept {
  readonly rule: string;
  readonly definition: string;
  readonly hour: Instant;
  readonly counts: RuleCounts;
}

interface Fuse {
  readonly blown: RecordedFuse;
  resetAt: Instant | undefined;
}

const keyOf = (...parts: readonly (string | number)[]): string => parts.join('\0');

/** With the meaning of the SQL one. */
export class MemoryRuleLedger implements RuleLedger {
  /** What was told of fuses, oldest first. */
  readonly told: RecordedFuse[] = [];
  private readonly counts = new Map<string, Kept>();
  private readonly uses = new Map<string, CountedException>();
  private readonly writers = new Map<string, number>();
  private readonly sketches = new Map<string, { readonly hour: Instant; readonly sketch: AccountSketch }>();
  private readonly known = new Map<string, RuleStateSince>();
  private readonly fuses = new Map<string, Fuse>();

  async add({ writer, batch, rules, exceptions, accounts }: CountBatch): Promise<void> {
    for (const { hour, sketch } of accounts)
      this.sketches.set(keyOf(hour, writer), { hour, sketch: AccountSketch.read(sketch.text()) });
    if ((this.writers.get(writer) ?? -1) >= batch) return;
    this.writers.set(writer, batch);
    for (const { rule, definition, hour, counts } of rules)
      for (const at of [hour, 0]) addCounts(this.kept({ rule, definition, hour: at }), counts);
    for (const used of exceptions) this.use(used);
  }

  async totals(since: Instant | null): Promise<readonly RuleTotal[]> {
    const from = since === null ? 0 : Math.floor(since / hourMs) * hourMs;
    const sums = new Map<string, RuleTotal & { readonly counts: RuleCounts }>();
    for (const { rule, definition, hour, counts } of this.counts.values()) {
      if (since === null ? hour !== 0 : hour < from || hour === 0) continue;
      const key = keyOf(rule, definition);
      const sum = sums.get(key) ?? { rule, definition, counts: noCounts() };
      addCounts(sum.counts, counts);
      sums.set(key, sum);
    }
    return [...sums.values()];
  }

  async exceptionUses(): Promise<readonly CountedException[]> {
    return [...this.uses.values()];
  }

  async evaluatedAccounts(since: Instant): Promise<number> {
    const from = Math.floor(since / hourMs) * hourMs;
    const all = AccountSketch.empty();
    for (const { hour, sketch } of this.sketches.values()) if (hour >= from) all.merge(sketch);
    return all.estimate();
  }

  async announce(states: readonly RuleState[], at: Instant): Promise<void> {
    for (const state of states) {
      const before = this.known.get(state.rule);
      const sameRule = before?.definition === state.definition;
      const sameMode = sameRule && before.mode === state.mode;
      this.known.set(state.rule, {
        ...state,
        definedAt: sameRule ? before.definedAt : at,
        modeSince: sameMode ? before.modeSince : at,
      });
    }
  }

  async states(): Promise<readonly RuleStateSince[]> {
    return [...this.known.values()];
  }

  async blow(blown: RecordedFuse): Promise<boolean> {
    const key = keyOf(blown.rule, blown.definition);
    const before = this.fuses.get(key);
    if (before !== undefined && (before.resetAt === undefined || before.resetAt >= blown.at)) return false;
    this.fuses.set(key, { blown, resetAt: undefined });
    this.told.push(blown);
    return true;
  }

  async blownFuses(): Promise<readonly RecordedFuse[]> {
    return [...this.fuses.values()].flatMap(({ blown, resetAt }) => (resetAt === undefined ? [blown] : []));
  }

  async resetFuse(rule: string, _actor: string, at: Instant): Promise<boolean> {
    const blown = [...this.fuses.values()].filter((fuse) => fuse.blown.rule === rule && fuse.resetAt === undefined);
    for (const fuse of blown) fuse.resetAt = at;
    return blown.length > 0;
  }

  async forget(before: Instant): Promise<void> {
    for (const [key, { hour }] of this.counts) if (hour !== 0 && hour < before) this.counts.delete(key);
    for (const [key, { lastUsedAt }] of this.uses) if (lastUsedAt < before) this.uses.delete(key);
    for (const [key, { hour }] of this.sketches) if (hour < before) this.sketches.delete(key);
  }

  private kept({ rule, definition, hour }: Omit<Kept, 'counts'>): RuleCounts {
    const key = keyOf(rule, definition, hour);
    const known = this.counts.get(key);
    if (known !== undefined) return known.counts;
    const made = noCounts();
    this.counts.set(key, { rule, definition, hour, counts: made });
    return made;
  }

  private use(used: CountedException): void {
    const key = keyOf(used.rule, used.definition, used.exception);
    const before = this.uses.get(key);
    const uses = used.uses + (before?.uses ?? 0);
    this.uses.set(key, { ...used, uses, lastUsedAt: Math.max(used.lastUsedAt, before?.lastUsedAt ?? 0) });
  }
}
