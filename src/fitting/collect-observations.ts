import type { DecisionDraft } from '../decisions/decision-log.js';
import type { Label } from '../model/label.js';
import type { RuleHit } from '../model/rule.js';
import type { Value } from '../model/value.js';
import type { LastRings } from './last-rings.js';
import type { Observation } from './observation.js';

export interface Decided {
  readonly draft: DecisionDraft;
  readonly hits: readonly RuleHit[];
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
  private readonly found = new Map<string, { score: number; observation: Omit<Observation, 'group'> }>();

  /** `labels`: what each account turned out to be; others are left out. */
  constructor(private readonly labels: ReadonlyMap<string, Label>) {}

  add({ draft, hits, inputs }: Decided): void {
    const label = this.labels.get(draft.account_id);
    if (label === undefined) return;
    const known = this.found.get(draft.account_id);
    if (known !== undefined && known.score >= draft.score) return;
    this.found.set(draft.account_id, {
      score: draft.score,
      observation: {
        accountId: draft.account_id,
        label,
        hits,
        traits: traitsOf(inputs),
      },
    });
  }

  /** `rings`: as they are once everything has been played; whoever came first into one was decided without it. */
  observations(rings: Pick<LastRings, 'of'>): Observation[] {
    return [...this.found.values()].map(({ observation }) => ({
      ...observation,
      group: rings.of(observation.accountId) ?? observation.accountId,
    }));
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
