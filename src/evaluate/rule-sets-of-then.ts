import type { StoredDecision } from '../decisions/decision-log.js';
import { runInSlices } from '../model/steps.js';
import { LoadMemory } from '../ruleset/load-memory.js';
import { loadRuleSetSteps } from '../ruleset/load-rule-set.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { ExplainPorts } from './explain-ports.js';

/** Compiled sets that are held; people look at decisions of the same few sets. */
const mostHeld = 3;

/** The rule sets that decided, compiled again from what was kept. */
export class RuleSetsOfThen {
  readonly #held = new Map<string, RuleSet>();

  constructor(private readonly ports: Pick<ExplainPorts, 'archive' | 'snapshot' | 'pace'>) {}

  /** Undefined when it was not kept, or does not load any more. */
  async of({ decision }: Pick<StoredDecision, 'decision'>): Promise<RuleSet | undefined> {
    const { hash } = decision.ruleset;
    const inUse = this.ports.snapshot().ruleSet;
    if (inUse.hash === hash) return inUse;
    const held = this.#held.get(hash) ?? (await this.load(hash, Date.parse(decision.decided_at)));
    return held === undefined ? undefined : this.hold(hash, held);
  }

  private async load(hash: string, at: number): Promise<RuleSet | undefined> {
    const kept = await this.ports.archive.byHash(hash);
    if (kept === undefined) return undefined;
    const steps = loadRuleSetSteps({ files: kept.files, now: at, expiredExceptions: 'warn' }, new LoadMemory());
    const loaded = await runInSlices(steps, this.ports.pace);
    return loaded?.ruleSet?.hash === hash ? loaded.ruleSet : undefined;
  }

  private hold(hash: string, ruleSet: RuleSet): RuleSet {
    this.#held.delete(hash);
    this.#held.set(hash, ruleSet);
    const [oldest] = this.#held.keys();
    if (this.#held.size > mostHeld && oldest !== undefined) this.#held.delete(oldest);
    return ruleSet;
  }
}
