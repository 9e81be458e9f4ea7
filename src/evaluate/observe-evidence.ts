import type { FeatureRequest, FeatureStore } from '../features/feature-store.js';
import type { Event } from '../model/event.js';
import { readsEvidence } from '../model/evidence.js';
import type { RingTrace } from '../model/ring.js';
import { StoreUnavailable } from '../model/store-unavailable.js';
import type { EventNow } from '../model/time.js';
import { type Slots, Unavailable } from '../model/value.js';
import type { AccountMemory } from './account-memory.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import type { EvidenceHistory, EvidenceRecord, EvidenceTraces } from './evidence-history.js';
import { rememberedAccount } from './remembered-account.js';
import type { RescoreSchedule } from './rescore-schedule.js';

export interface EvidencePorts {
  readonly story: Pick<EvaluatorPorts, 'snapshot' | 'memory' | 'log' | 'sealer'>;
  /** Rejects when it was not written. */
  readonly memory: Pick<AccountMemory, 'clear'>;
  /** Counts whatever else is known of the store. */
  readonly features: Pick<FeatureStore, 'observe'>;
  readonly history: Pick<EvidenceHistory, 'get' | 'sharing'>;
  readonly traces: EvidenceTraces;
  readonly schedule: Pick<RescoreSchedule, 'doubt'>;
  readonly eventNow: EventNow;
}

/** As many as a feature tells apart if its author does not say: with more of them nothing changes for the earlier ones. */
const mostDoubted = 64;

/**
 * A passed verification counts like an event and links like one, and whoever showed the same is judged again. May
 * happen again: everything is known by the verification's id. Rejects while a store is away.
 */
export async function observeEvidence(verificationId: string, ports: EvidencePorts): Promise<void> {
  const record = await ports.history.get(verificationId);
  if (record === undefined) return;
  const { accountId } = record;
  const status = await ports.story.log.status(accountId);
  if (status !== undefined) await ports.memory.clear(accountId, status);
  const { request, trace } = await sightingOf(record, ports.story);
  const readings = await ports.features.observe(request);
  if (readings.some((reading) => reading instanceof Unavailable))
    throw new StoreUnavailable('a verification could not be counted');
  if (trace !== undefined) await ports.traces.keep(record, trace);
  const others = await ports.history.sharing(record, mostDoubted);
  const { maxAccountsPerHour } = ports.story.snapshot().ruleSet.policy.retroHold;
  if (others.length === 0) return;
  await ports.schedule.doubt([accountId, ...others], {
    at: await ports.eventNow(),
    everyMs: 3_600_000 / Math.max(1, maxAccountsPerHour),
  });
}

interface EvidenceSighting {
  readonly request: FeatureRequest;
  /** Undefined where no link is made of it. */
  readonly trace: RingTrace | undefined;
}

/** What it counts for: this verification's own evidence, beside what the account is remembered by. */
export async function sightingOf(
  { id, accountId, at, evidence }: EvidenceRecord,
  story: EvidencePorts['story'],
): Promise<EvidenceSighting> {
  const event = bareEvent(id, accountId);
  const remembered = await rememberedAccount(event, await story.memory.recall(accountId), story);
  const { ruleSet, planFor } = story.snapshot();
  const plan = planFor('verified');
  const slots = ruleSet.newSlots();
  plan.writeSignals({ event, remembered: { ...(remembered ?? { parts: {} }), evidence }, at }, slots);
  const moment = { eventId: id, accountId, at, accountSince: remembered?.firstSeenAt };
  const { request } = plan.bindFeatures(moment, slots, plan.hashesOf(slots));
  return { request, trace: traceOf(plan, slots, ruleSet.links) };
}

/** Signals want an event; one of this type says nothing by itself. */
const bareEvent = (id: string, accountId: string): Event => ({
  type: 'payment_method_added',
  event_id: id,
  account: { id: accountId },
});

type Snapshot = ReturnType<EvaluatorPorts['snapshot']>;

/** Only links over what was verified: the others were told with their events. */
function traceOf(
  { rings, hashesOf }: ReturnType<Snapshot['planFor']>,
  slots: Slots,
  links: Snapshot['ruleSet']['links'],
): RingTrace | undefined {
  const own = new Set(links.filter(({ spec }) => readsEvidence(spec.by)).map(({ spec }) => spec.name));
  const keys = rings?.keys(hashesOf(slots)).filter(({ link }) => own.has(link)) ?? [];
  return keys.length === 0 ? undefined : rings?.settle(keys, noRings, slots).trace;
}

const noRings = new Unavailable('ring_unavailable');
