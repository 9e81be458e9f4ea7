import type { Policy } from '../model/policy.js';
import type { Clock, Instant } from '../model/time.js';
import { defaultPolicy } from '../ruleset/default-policy.js';
import type { Loaded } from '../ruleset/load-rule-set.js';
import type { RuleProblem } from '../ruleset/rule-problem.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { RuleBook } from './rule-book.js';
import type { Snapshot } from './snapshot.js';

interface RuleSetStatus {
  readonly snapshot: Snapshot;
  readonly loadedAt: Instant;
  /** Of the last attempt: errors mean that an older set goes on. */
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

/** A file that has gone is no error, and other thresholds and caps decide from now on. */
const lostPolicy: RuleProblem = {
  code: 'W048',
  message: 'the policy has gone since the rules before: the default thresholds and caps decide',
  hint: 'put policy.yml back, or restart the service where the defaults are meant',
  file: '.',
  line: 1,
  column: 1,
  end_column: 2,
};

/** By what it says: policies come from another thread as copies. */
const isDefault = ({ policy }: RuleSet): boolean => policyText(policy) === policyText(defaultPolicy);

/** With the keys in one order, and without those that say nothing. */
const policyText = (policy: Policy): string => JSON.stringify(Object.entries(policy).sort(byName));

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

/** The rule set in use. Another is swapped in whole, or not at all: with any error the old one goes on. */
export class LiveRuleSet {
  private status: RuleSetStatus;
  /** Since the process began there was another policy than the default one, and now there is that. */
  private hasLostPolicy = false;

  constructor(
    first: RuleSet,
    private readonly prepare: (ruleSet: RuleSet) => Snapshot,
    private readonly clock: Clock,
    private readonly book?: RuleBook | undefined,
  ) {
    this.status = { snapshot: this.inUse(first), loadedAt: clock.now(), errors: [], warnings: [] };
  }

  current(): RuleSetStatus {
    return this.status;
  }

  snapshot(): Snapshot {
    return this.status.snapshot;
  }

  /** True when the set is in use now. The same content again keeps its counts. */
  offer({ ruleSet, errors, warnings }: Loaded): boolean {
    const usable = errors.length === 0 ? ruleSet : undefined;
    const isNew = usable !== undefined && usable.hash !== this.status.snapshot.ruleSet.hash;
    if (isNew)
      this.hasLostPolicy = isDefault(usable) && (this.hasLostPolicy || !isDefault(this.status.snapshot.ruleSet));
    this.status = {
      snapshot: isNew ? this.inUse(usable) : this.status.snapshot,
      loadedAt: isNew ? this.clock.now() : this.status.loadedAt,
      errors,
      warnings: this.hasLostPolicy ? [lostPolicy, ...warnings] : warnings,
    };
    return isNew;
  }

  /** Other IP data: everything that was prepared with the old is prepared again. */
  refresh(): void {
    this.status = { ...this.status, snapshot: this.inUse(this.status.snapshot.ruleSet) };
  }

  private inUse(ruleSet: RuleSet): Snapshot {
    const snapshot = this.prepare(ruleSet);
    this.book?.attach(snapshot.activity, this.clock.now());
    return snapshot;
  }
}
