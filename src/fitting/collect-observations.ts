import type { DecisionDraft } from '../decisions/decision-log.js';
import type { Label } from '../model/label.js';
import type { RuleHit, RuleInfo } from '../model/rule.js';
import type { Value } from '../model/value.js';
import type { Observation } from './observation.js';

export interface Collecting {
  readonly rules: readonly RuleInfo[];
  /** What each account turned out to be; others are left out. */
  readonly labels: ReadonlyMap<string, Label>;
  readonly isConfirmedFraud: (hit: RuleHit) => boolean;
}

export interface Decided {
  readonly draft: DecisionDraft;
  /** Signals and features that the rules saw. */
  readonly inputs: Readonly<Record<string, Value>>;
}

/** Who pays is told by these: they name kinds of people, not persons. */
const traitNames = [
  'account.path',
  'account.plan',
  'ip.kind',
  'ip.country',
  'email.is_free',
  'payment.funding',
  'device.os',
] as const;

/** Keeps for each labelled account the decision with the highest score. */
export class ObservationCollector {
  private readonly found = new Map<string, { score: number; observation: Observation }>();
  private readonly rules: ReadonlyMap<string, RuleInfo>;

  constructor(private readonly collecting: Collecting) {
    this.rules = new Map(collecting.rules.map((rule) => [rule.id, rule]));
  }

  add({ draft, inputs }: Decided): void {
    const label = this.collecting.labels.get(draft.account_id);
    if (label === undefined) return;
    const known = this.found.get(draft.account_id);
    if (known !== undefined && known.score >= draft.score) return;
    this.found.set(draft.account_id, {
      score: draft.score,
      observation: {
        accountId: draft.account_id,
        group: draft.ring?.id ?? draft.account_id,
        label,
        hits: this.hitsOf(draft),
        isConfirmedFraud: this.collecting.isConfirmedFraud,
        traits: traitsOf(inputs),
      },
    });
  }

  observations(): Observation[] {
    return [...this.found.values()].map(({ observation }) => observation);
  }

  private hitsOf({ reasons }: DecisionDraft): RuleHit[] {
    return reasons.flatMap(({ rule: id, points, evidence, title }) => {
      const rule = this.rules.get(id);
      return rule === undefined ? [] : [{ rule, points, evidence, title }];
    });
  }
}

function traitsOf(inputs: Readonly<Record<string, Value>>): ReadonlyMap<string, string> {
  const traits = new Map<string, string>();
  for (const name of traitNames) {
    const value = inputs[name];
    if (value !== undefined) traits.set(name, String(value));
  }
  return traits;
}
