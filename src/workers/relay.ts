import { within } from '../adapters/within.js';
import type { DecisionLog } from '../decisions/decision-log.js';
import type { AccountMemory } from '../evaluate/account-memory.js';
import type { FeatureStore } from '../features/feature-store.js';
import type { AccessTruth, GateProjection } from '../gate/gate-store.js';
import { labels } from '../model/label.js';
import type { DeliveredItem, Outbox, OutboxItem, OutboxLane, Pauses } from '../outbox/outbox.js';
import type { VerificationJob, VerificationJobs } from '../verification/verification-work.js';
import { type Loop, startLoop } from './loop.js';

export interface RelayPorts {
  readonly outbox: Outbox;
  readonly truth: AccessTruth;
  readonly projection: GateProjection;
  readonly jobs: VerificationJobs;
  readonly features: Pick<FeatureStore, 'label' | 'standing'>;
  readonly memory: Pick<AccountMemory, 'clear'>;
  readonly log: Pick<DecisionLog, 'status'>;
  /** Counts what a passed verification showed. */
  readonly observeEvidence: (verificationId: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** Puts what is to be told outside on its way, before it counts as delivered; what fails comes again. */
  readonly announce?: ((items: readonly OutboxItem[]) => Promise<void>) | undefined;
  /** Told of each message when it has arrived for the first time, and how long after its commit. */
  readonly onDelivered?: ((item: OutboxItem, lagMs: number) => void) | undefined;
  /** False while Redis is known to be away: messages wait without using up attempts, whose pauses grow to minutes. */
  readonly canDeliver?: (() => boolean) | undefined;
}

export interface RelayOptions {
  readonly batch?: number;
  readonly pollMs?: number;
}

interface Lane {
  /** What a relay that dies has taken is given to another after this time. */
  readonly leaseMs: number;
  readonly pauses: Pauses;
}

/**
 * A change of access reaches the gate within two seconds also when the first try fails or whoever tried has died: a try
 * is given up after 0.8 s, the lease is 1 s, and each instance looks every half second. A try that takes longer than the
 * lease is repeated by another instance, which does no harm. Jobs of held accounts are there within five seconds. Nothing
 * is tried while Redis is known to be away.
 */
export const lanes: Readonly<Record<OutboxLane, Lane>> = {
  tightening: { leaseMs: 1000, pauses: { firstMs: 100, longestMs: 2000 } },
  access: { leaseMs: 1000, pauses: { firstMs: 100, longestMs: 2000 } },
  others: { leaseMs: 4000, pauses: { firstMs: 1000, longestMs: 300_000 } },
};

/** The first try; on a machine that is always slower, later ones get more. */
export const publishWithinMs = 800;
export const relayPollMs = 500;

type Delivery = (item: OutboxItem, ports: RelayPorts) => Promise<void>;

/** What has to happen outside, by kind. Each may happen again: it writes what the truth says now, or is a repeat. */
const deliveries: Readonly<Record<OutboxItem['kind'], Delivery>> = {
  access_changed: followAccess,
  account_cleared: clearMemory,
  case_opened: addJob,
  verification_requested: addJob,
  label_recorded: applyLabel,
  evidence_recorded: ({ subject }, { observeEvidence }) => observeEvidence(subject),
  // The retro-holder finds the ring's batch in the truth; it is woken when this has arrived.
  ring_detected: async () => undefined,
  // Only told to webhooks.
  case_breached: async () => undefined,
  decision_created: async () => undefined,
  case_decided: async () => undefined,
  ruleset_loaded: async () => undefined,
  rule_fuse_blown: async () => undefined,
  budget_exceeded: async () => undefined,
};

/** Delivers one batch of a lane; true when there may be more. */
export async function relayLane(
  lane: OutboxLane,
  ports: RelayPorts,
  { batch = 200 }: RelayOptions = {},
): Promise<boolean> {
  if (ports.canDeliver?.() === false) return false;
  const { leaseMs, pauses } = lanes[lane];
  const items = await ports.outbox.take({ lane, limit: batch, leaseMs });
  if (items.length === 0) return false;
  const delivered = await announced(await deliverAll(items, ports), ports);
  const failed = items.filter((item) => !delivered.includes(item)).map(({ id }) => id);
  if (failed.length > 0) await ports.outbox.retryLater(failed, pauses);
  tell(delivered, await ports.outbox.markDone(delivered.map(({ id }) => id)), ports);
  return items.length === batch && delivered.length > 0;
}

/** Those that arrived. Who is let in again has what was cleared by then: the next event must not hold it once more. */
async function deliverAll(items: readonly OutboxItem[], ports: RelayPorts): Promise<readonly OutboxItem[]> {
  const isClearing = ({ kind }: OutboxItem): boolean => kind === 'account_cleared';
  const clearing = await deliverTogether(items.filter(isClearing), ports);
  return [
    ...clearing,
    ...(await deliverTogether(
      items.filter((item) => !isClearing(item)),
      ports,
    )),
  ];
}

async function deliverTogether(items: readonly OutboxItem[], ports: RelayPorts): Promise<readonly OutboxItem[]> {
  const results = await Promise.allSettled(items.map((item) => deliveries[item.kind](item, ports)));
  for (const result of results) if (result.status === 'rejected') ports.onError(result.reason);
  return items.filter((_item, i) => results[i]?.status === 'fulfilled');
}

/** All of them, or none. */
async function announced(items: readonly OutboxItem[], { announce, onError }: RelayPorts) {
  try {
    if (items.length > 0) await announce?.(items);
    return items;
  } catch (error) {
    onError(error);
    return [];
  }
}

function tell(items: readonly OutboxItem[], done: readonly DeliveredItem[], { onDelivered }: RelayPorts): void {
  const lagOf = new Map(done.map(({ id, lagMs }) => [id, lagMs]));
  for (const item of items) {
    const lagMs = lagOf.get(item.id);
    if (lagMs !== undefined) onDelivered?.(item, lagMs);
  }
}

/** Any number of instances may run one. `wake` it after each commit; it looks by itself too. */
export function startRelay(ports: RelayPorts, options: RelayOptions = {}): Loop {
  const { pollMs: everyMs = relayPollMs } = options;
  const { onError } = ports;
  // Apart, so that the gate never waits for a queue, a webhook or a label, and with a hold not for admissions.
  const loops = (['tightening', 'access', 'others'] as const).map((lane) =>
    startLoop({ everyMs, work: () => relayLane(lane, ports, options), onError }),
  );
  return {
    wake() {
      for (const loop of loops) loop.wake();
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

const isOut = (state: unknown): boolean => state === 'held' || state === 'denied';

/** The gate learns of it, and so does what is usual: whoever is held or denied is no part of that. */
async function followAccess(item: OutboxItem, ports: RelayPorts): Promise<void> {
  await within(publishAccess(item, ports), publishWithinMs * item.attempts);
  const { from, to } = item.payload;
  if (isOut(from) === isOut(to)) return;
  await ports.features.standing(item.subject, isOut(to) ? 'out' : 'good', item.createdAt);
}

/** What access is now, not what it was when the message was written: an old message cannot bring back old access. */
async function publishAccess({ subject }: OutboxItem, { truth, projection }: RelayPorts): Promise<void> {
  const entry = await truth.entryOf({ accountId: subject });
  if (entry !== undefined) await projection.publish([entry]);
}

async function clearMemory({ subject }: OutboxItem, { log, memory }: RelayPorts): Promise<void> {
  const status = await log.status(subject);
  if (status !== undefined) await memory.clear(subject, status);
}

async function addJob({ subject, payload }: OutboxItem, { jobs }: RelayPorts): Promise<void> {
  const job: VerificationJob = { caseId: subject, version: Number(payload.version) };
  await jobs.add([job]);
}

async function applyLabel({ subject, payload }: OutboxItem, { features }: RelayPorts): Promise<void> {
  const label = labels.find((one) => one === payload.label);
  if (label !== undefined) await features.label(subject, label, Date.parse(String(payload.observed_at)));
}
