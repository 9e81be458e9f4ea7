import type { Clock, Instant } from '../model/time.js';
import type { Loaded } from '../ruleset/load-rule-set.js';
import type { RuleProblem } from '../ruleset/rule-problem.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { RuleBook } from './rule-book.js';
import type { Snapshot } from './snapshot.js';

export interface RuleSetStatus {
  readonly snapshot: Snapshot;
  readonly loadedAt: Instant;
  /** Of the last attempt: errors mean that an older set goes on. */
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

/** The rule set in use. Another is swapped in whole, or not at all: with any error the old one goes on. */
export class LiveRuleSet {
  private status: RuleSetStatus;

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
    this.status = {
      snapshot: isNew ? this.inUse(usable) : this.status.snapshot,
      loadedAt: isNew ? this.clock.now() : this.status.loadedAt,
      errors,
      warnings,
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
