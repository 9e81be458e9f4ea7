import type { EventType } from '../model/event-type.js';
import type { Slots } from '../model/value.js';
import type { Judgement, RuleSet } from '../ruleset/rule-set.js';

/** What the rules last saw and said. */
export interface Judged {
  readonly type: EventType;
  readonly slots: Slots;
  readonly judgement: Judgement;
}

export interface WatchedRules {
  readonly ruleSet: RuleSet;
  readonly last: () => Judged | undefined;
}

/** The same rule set, which remembers its last judgement: decisions themselves do not tell quiet from unknown. */
export function watchJudging(ruleSet: RuleSet): WatchedRules {
  let last: Judged | undefined;
  return {
    ruleSet: {
      ...ruleSet,
      judge(type, slots, context) {
        const judgement = ruleSet.judge(type, slots, context);
        last = { type, slots, judgement };
        return judgement;
      },
    },
    last: () => last,
  };
}
