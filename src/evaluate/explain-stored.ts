import type { StoredDecision } from '../decisions/decision-log.js';
import type { OutcomeExplanation } from '../decisions/explain-outcome.js';
import { own } from '../model/own.js';
import type { InputGroup } from '../model/policy.js';
import type { Slots, Value } from '../model/value.js';
import type { ExplainedLeaf, RuleExplanation } from '../ruleset/explain-rules.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { type EventExplanation, explainEvent } from './explain-event.js';
import type { ExplainPorts } from './explain-ports.js';
import { mementoOf, remember, withMemento } from './memento.js';
import type { OpenedEvents } from './open-events.js';
import { identifierNames, recallIdentifiers } from './recall-identifiers.js';
import { asRecorded, disagreements, recordedContext, recordedHits } from './recorded-effects.js';
import { restoreInputs } from './restore-inputs.js';
import type { Snapshot } from './snapshot.js';

/** What the explanation rests on. */
export interface Evidence {
  /** Whether the event itself could still be read: conditions on identifiers are unknown without it. */
  readonly event: 'readable' | 'erased';
  /** Why inputs that rules read had no value; what is not named was absent. */
  readonly missing: Readonly<Record<string, string>>;
  /** The explanation comes to what was recorded. */
  readonly agrees: boolean;
  readonly notes: readonly string[];
}

type ExplainingPorts = Omit<ExplainPorts, 'decisions' | 'archive' | 'snapshot' | 'sealer' | 'pace'> & {
  readonly pace?: ExplainPorts['pace'];
  readonly decisions: Pick<ExplainPorts['decisions'], 'status'>;
};

type Context = ReturnType<typeof recordedContext>;

export interface ExplainedStored extends EventExplanation {
  readonly ruleSet: RuleSet;
  readonly evidence: Evidence;
  readonly context: Context;
}

interface Stored {
  readonly stored: StoredDecision;
  readonly events: OpenedEvents;
  readonly ofThen: RuleSet | undefined;
}

/** By the rules of then; by those in use where the rules of then are not known any more. */
export async function explainThen(
  { stored, events, ofThen, inUse }: Stored & { readonly inUse: RuleSet },
  ports: ExplainingPorts,
): Promise<ExplainedStored> {
  const ruleSet = ofThen ?? inUse;
  const askedBy = ofThen === undefined ? ('unknown' as const) : undefined;
  const slots = restoreInputs(ruleSet, { ...recalledFrom(stored, events, ports), askedBy });
  const status = await ports.decisions.status(stored.decision.account_id);
  const context = recordedContext(stored, ruleSet, status?.clearedRules ?? []);
  const { type, decided_at } = stored.decision;
  const now = Date.parse(decided_at);
  const { rules, outcome } = await explainEvent(ruleSet, {
    slots,
    type,
    now,
    context,
    missing: missingThen(stored),
    hits: recordedHits(stored, ruleSet, slots),
    pace: ports.pace,
  });
  const notes = disagreements(rules, stored);
  const agrees = notes.length === 0 && comesTo(outcome, stored);
  return {
    ruleSet,
    rules: hidden(rules, stored, ports).map((rule) => asRecorded(rule, stored)),
    outcome,
    context,
    evidence: evidenceOf(rules, { events, notes, agrees }),
  };
}

/** By the rules in use: what they read and then was not recorded is computed from the event, or unknown. */
export async function explainNow(
  { stored, events, ofThen, context, snapshot }: Stored & { readonly context: Context; readonly snapshot: Snapshot },
  ports: ExplainingPorts,
): Promise<ExplainedStored> {
  const { ruleSet, activity } = snapshot;
  const { type, decided_at } = stored.decision;
  const recomputed = signalsNow(events, snapshot);
  const slots = restoreInputs(ruleSet, { ...recalledFrom(stored, events, ports), askedBy: ofThen, recomputed });
  const { rules, outcome } = await explainEvent(ruleSet, {
    slots,
    type,
    now: Date.parse(decided_at),
    context: { ...context, blownRules: activity.blownRules },
    missing: missingThen(stored),
    pace: ports.pace,
  });
  const evidence = evidenceOf(rules, { events, notes: [], agrees: comesTo(outcome, stored) });
  return { ruleSet, rules: hidden(rules, stored, ports), outcome, context, evidence };
}

const recalledFrom = (stored: StoredDecision, events: OpenedEvents, ports: ExplainingPorts) => ({
  stored,
  recalled: recallIdentifiers(stored.inputs, allOf(events), { hash: ports.hashIdentifier, signals: ports.signals }),
  hiddenBecause: 'erased' as const,
});

function* allOf({ own, others }: OpenedEvents) {
  if (own !== undefined) yield own;
  yield* others();
}

function signalsNow({ own, before }: OpenedEvents, { ruleSet, planFor }: Snapshot): Slots | undefined {
  if (own === undefined) return undefined;
  const { event, at } = own;
  const earlier = remember(before().map((one) => mementoOf(one.event, one.at)));
  const slots = ruleSet.newSlots();
  planFor(event.type).writeSignals({ event, remembered: withMemento(earlier, mementoOf(event, at)), at }, slots);
  return slots;
}

const groups: readonly InputGroup[] = ['velocity', 'ring', 'ip_intel'];

const missingThen = ({ decision }: StoredDecision): InputGroup[] =>
  groups.filter((group) => decision.degraded.includes(`${group}_unavailable`));

/** Points are stored to a tenth. Where nothing is enforced the record tells apart what it would have been. */
const comesTo = ({ outcome, score, enforced }: OutcomeExplanation, { decision }: StoredDecision): boolean =>
  Math.abs(score - decision.score) < 0.11 &&
  outcome === (enforced ? decision : (decision.reported ?? decision)).outcome;

interface Grounds {
  readonly events: OpenedEvents;
  readonly notes: readonly string[];
  readonly agrees: boolean;
}

function evidenceOf(rules: readonly RuleExplanation[], { events, notes, agrees }: Grounds): Evidence {
  const missing = rules.flatMap(({ leaves }) => leaves.flatMap((leaf) => Object.entries(leaf.missing ?? {})));
  return {
    event: events.own === undefined ? 'erased' : 'readable',
    missing: Object.fromEntries(missing.sort(([a], [b]) => (a < b ? -1 : 1))),
    agrees,
    notes,
  };
}

/** Identifiers leave as the hashes that are stored. */
function hidden(
  rules: readonly RuleExplanation[],
  { inputs }: StoredDecision,
  ports: ExplainingPorts,
): readonly RuleExplanation[] {
  if (ports.showsIdentifiers === true) return rules;
  const hide = (name: string, value: Value | null): Value | null =>
    !identifierNames.has(name)
      ? value
      : value === null
        ? (own(inputs, name) ?? null)
        : ports.hashIdentifier(name, String(value));
  const hideIn = (leaf: ExplainedLeaf): ExplainedLeaf => ({
    ...leaf,
    values: Object.fromEntries(Object.entries(leaf.values).map(([name, value]) => [name, hide(name, value)])),
  });
  return rules.map((rule) => ({
    ...rule,
    leaves: rule.leaves.map(hideIn),
    ...(rule.unknown_points === undefined ? {} : { unknown_points: hideIn(rule.unknown_points) }),
    ...(rule.flip === undefined ? {} : { flip: rule.flip.map((one) => ({ ...one, from: hide(one.name, one.from) })) }),
  }));
}
