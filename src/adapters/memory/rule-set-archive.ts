import type { ListActor } from '../../lists/list-entries.js';
import type { Instant } from '../../model/time.js';
import {
  type ArchivedRuleSet,
  type ForgottenRuleSets,
  forgetsBefore,
  type KeptRuleSet,
  type RuleSetArchive,
} from '../../ruleset/rule-set-archive.js';

/** Gone with the process. */
export class MemoryRuleSetArchive implements RuleSetArchive {
  private readonly sets = new Map<string, ArchivedRuleSet>();

  async use(hash: string, at: Instant): Promise<boolean> {
    const known = this.sets.get(hash);
    if (known === undefined) return false;
    this.sets.set(hash, usedAt(known, at));
    return true;
  }

  async keep(set: KeptRuleSet, at: Instant): Promise<void> {
    const known = this.sets.get(set.hash) ?? { ...set, files: new Map(set.files), firstUsedAt: at, lastUsedAt: at };
    this.sets.set(set.hash, usedAt(known, at));
  }

  async byHash(hash: string): Promise<ArchivedRuleSet | undefined> {
    return this.sets.get(hash);
  }

  async forget(unusedSince: Instant, { now }: ListActor): Promise<ForgottenRuleSets> {
    const before = textsIn(this.sets.values());
    const old = [...this.sets.values()].filter(({ lastUsedAt }) => lastUsedAt < forgetsBefore(unusedSince, now));
    for (const { hash } of old) this.sets.delete(hash);
    return { ruleSets: old.length, files: before.size - textsIn(this.sets.values()).size };
  }
}

const textsIn = (sets: Iterable<ArchivedRuleSet>): ReadonlySet<string> =>
  new Set([...sets].flatMap(({ files }) => [...files.values()]));

const usedAt = (set: ArchivedRuleSet, at: Instant): ArchivedRuleSet => ({
  ...set,
  firstUsedAt: Math.min(set.firstUsedAt, at),
  lastUsedAt: Math.max(set.lastUsedAt, at),
});
