import type { EventType } from '../model/event-type.js';
import { featureInputs } from '../model/feature.js';
import { ringInputs } from '../model/ring.js';
import type { Slots } from '../model/value.js';
import type { EventNeeds, Judgement, RuleSet } from '../ruleset/rule-set.js';

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

/**
 * The same rule set, which remembers its last judgement: decisions themselves do not tell quiet from unknown. What is
 * `named` is computed for every event, even where no rule reads it.
 */
export function watchJudging(ruleSet: RuleSet, named: ReadonlySet<string>): WatchedRules {
  let last: Judged | undefined;
  return {
    ruleSet: {
      ...ruleSet,
      needs: (type) => (named.size === 0 ? ruleSet.needs(type) : withNamed(ruleSet, ruleSet.needs(type), named)),
      judge(type, slots, context) {
        const judgement = ruleSet.judge(type, slots, context);
        last = { type, slots, judgement };
        return judgement;
      },
    },
    last: () => last,
  };
}

function withNamed(ruleSet: RuleSet, needs: EventNeeds, named: ReadonlySet<string>): EventNeeds {
  const slotOf = (name: string): number => ruleSet.slotOf(name) ?? -1;
  const asked = ruleSet.features.filter((spec) => featureInputs(spec).some((name) => named.has(name)));
  const features = asked.filter((spec) => !needs.features.some((need) => need.spec === spec));
  const derived = new Set([...ruleSet.features.flatMap(featureInputs), ...ringInputs.map(({ name }) => name)]);
  const keys = features.flatMap((spec) => (spec.kind === 'distinct' ? [...spec.by, spec.of] : spec.by));
  const signals = new Set([...named, ...keys].filter((name) => !derived.has(name)));
  for (const { name } of needs.signals) signals.delete(name);
  const rings = ringInputs.filter(({ name }) => named.has(name) && !needs.rings.some((need) => need.name === name));
  return {
    ...needs,
    signals: [...needs.signals, ...[...signals].map((name) => ({ name, slot: slotOf(name) }))],
    features: [
      ...needs.features,
      ...features.map((spec) => ({ spec, slot: slotOf(featureInputs(spec)[0] ?? spec.name) })),
    ],
    rings: [...needs.rings, ...rings.map(({ name }) => ({ name, slot: slotOf(name) }))],
  };
}
