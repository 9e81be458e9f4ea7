import type { Findings } from '../decisions/decide.js';
import type { EventType } from '../model/event-type.js';
import type { Instant } from '../model/time.js';
import { type BlownFuse, FuseBox } from '../ruleset/fuse-box.js';
import type { RuleSet } from '../ruleset/rule-set.js';

export interface RuleActivityListener {
  ruleHit(rule: string, mode: 'live' | 'shadow'): void;
  fuseBlown(blown: BlownFuse): void;
}

/** What the rules of one loaded set have done so far: beside the rule set, which never changes. */
export class RuleActivity {
  private readonly counts = new Map<string, number>();
  private readonly fuses: FuseBox;

  constructor(
    ruleSet: RuleSet,
    private readonly listener: RuleActivityListener,
  ) {
    this.fuses = new FuseBox(ruleSet.declarations, (blown) => listener.fuseBlown(blown));
  }

  get blownRules(): ReadonlySet<string> {
    return this.fuses.blown;
  }

  hitsOf(rule: string): number {
    return this.counts.get(rule) ?? 0;
  }

  record(type: EventType, { hits, shadowHits }: Findings, at: Instant): void {
    const fired = new Set<string>();
    for (const hit of hits) this.count(hit.rule.id, 'live', fired);
    for (const hit of shadowHits) this.count(hit.rule.id, 'shadow', fired);
    this.fuses.record(type, fired, at);
  }

  private count(rule: string, mode: 'live' | 'shadow', fired: Set<string>): void {
    fired.add(rule);
    this.counts.set(rule, this.hitsOf(rule) + 1);
    this.listener.ruleHit(rule, mode);
  }
}
