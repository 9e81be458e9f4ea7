import { type EventType, eventTypes } from '../model/event-type.js';
import type { Slots } from '../model/value.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { RuleTally } from './rule-tally.js';

/** Rules looked at for each event: what this costs does not grow with the number of rules. */
const rulesAnEvent = 2;

/**
 * The engine evaluates only rules that could fire, so it does not see which of the others are unknown, nor what a rule costs
 * by itself. For each event two rules, drawn as if by lot, are evaluated and timed apart: shares and means of a sample.
 */
export class RuleSampler {
  private readonly idsByType: ReadonlyMap<EventType, readonly string[]>;
  private state = 0x9e3779b9;

  constructor(
    private readonly ruleSet: RuleSet,
    private readonly elapsed: () => number,
  ) {
    this.idsByType = new Map(eventTypes.map((type) => [type, ruleSet.running(type).map(({ info }) => info.id)]));
  }

  sample(type: EventType, slots: Slots, tally: RuleTally): void {
    const ids = this.idsByType.get(type) ?? [];
    if (ids.length === 0) return;
    let before = this.elapsed();
    for (let n = 0; n < rulesAnEvent; n++) {
      const index = this.draw() % ids.length;
      const id = ids[index] ?? '';
      const result = this.ruleSet.probe(type, index, slots);
      const after = this.elapsed();
      tally.add(id, 'sampled');
      tally.add(id, 'nanoseconds', Math.max(0, Math.round((after - before) * 1e6)));
      if (result === undefined) tally.add(id, 'unknown');
      before = after;
    }
  }

  /** Xorshift: independent of what events come in which order, the same in each run. */
  private draw(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }
}
