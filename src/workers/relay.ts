import type { Outbox, OutboxItem } from '../cases/outbox.js';
import type { VerificationJob, VerificationJobs } from '../cases/verification-work.js';
import type { DecisionLog } from '../decisions/decision-log.js';
import type { AccountMemory } from '../evaluate/account-memory.js';
import type { FeatureStore } from '../features/feature-store.js';
import type { AccessTruth, GateProjection } from '../gate/gate-store.js';
import { labels } from '../model/label.js';
import { type Loop, startLoop } from './loop.js';

export interface RelayPorts {
  readonly outbox: Outbox;
  readonly truth: AccessTruth;
  readonly projection: GateProjection;
  readonly jobs: VerificationJobs;
  readonly features: Pick<FeatureStore, 'label' | 'standing'>;
  readonly memory: Pick<AccountMemory, 'clear'>;
  readonly log: Pick<DecisionLog, 'status'>;
  readonly onError: (error: unknown) => void;
  /** Puts what is to be told outside on its way, before it counts as delivered; what fails comes again after its lease. */
  readonly announce?: ((items: readonly OutboxItem[]) => Promise<void>) | undefined;
  /** Told of each message once it has arrived; again when it is delivered again. */
  readonly onDelivered?: ((item: OutboxItem) => void) | undefined;
  /** False while Redis is known to be away: messages wait without using up attempts, whose pauses grow to minutes. */
  readonly canDeliver?: (() => boolean) | undefined;
}

export interface RelayOptions {
  readonly batch?: number;
  readonly pollMs?: number;
  /** What a relay that dies has taken is given to another after this time. */
  readonly leaseMs?: number;
}

type Delivery = (item: OutboxItem, ports: RelayPorts) => Promise<void>;

/** What has to happen outside, by kind. Each may happen again: it writes what the truth says now, or is a repeat. */
const deliveries: Readonly<Record<OutboxItem['kind'], Delivery>> = {
  access_changed: followAccess,
  account_cleared: clearMemory,
  case_opened: addJob,
  verification_requested: addJob,
  label_recorded: applyLabel,
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

/** Delivers one batch; true when there may be more. */
export async function relayOnce(ports: RelayPorts, { batch = 200, leaseMs = 30_000 }: RelayOptions): Promise<boolean> {
  if (ports.canDeliver?.() === false) return false;
  const items = await ports.outbox.take(batch, leaseMs);
  if (items.length === 0) return false;
  const results = await Promise.allSettled(items.map((item) => deliveries[item.kind](item, ports)));
  const idsOf = (status: string): number[] =>
    items.filter((_item, i) => results[i]?.status === status).map(({ id }) => id);
  const failed = idsOf('rejected');
  await ports.announce?.(items.filter(({ id }) => !failed.includes(id)));
  await ports.outbox.markDone(idsOf('fulfilled'));
  if (failed.length > 0) await ports.outbox.retryLater(failed);
  for (const item of items) if (!failed.includes(item.id)) ports.onDelivered?.(item);
  for (const result of results) if (result.status === 'rejected') ports.onError(result.reason);
  return items.length === batch && failed.length < items.length;
}

/** Any number of instances may run one. `wake` it after each commit; it looks by itself too. */
export function startRelay(ports: RelayPorts, options: RelayOptions = {}): Loop {
  const { pollMs = 500 } = options;
  return startLoop({ everyMs: pollMs, work: () => relayOnce(ports, options), onError: ports.onError });
}

const isOut = (state: unknown): boolean => state === 'held' || state === 'denied';

/** The gate learns of it, and so does what is usual: whoever is held or denied is no part of that. */
async function followAccess(item: OutboxItem, ports: RelayPorts): Promise<void> {
  const { from, to } = item.payload;
  const telling =
    isOut(from) === isOut(to)
      ? undefined
      : ports.features.standing(item.subject, isOut(to) ? 'out' : 'good', item.createdAt);
  await Promise.all([publishAccess(item, ports), telling]);
}

/** What access is now, not what it was when the message was written: an old message cannot bring back old access. */
async function publishAccess({ subject }: OutboxItem, { truth, projection }: RelayPorts): Promise<void> {
  const entry = await truth.entryOf({ accountId: subject });
  if (entry !== undefined) await projection.publish([entry]);
}

async function clearMemory({ subject }: OutboxItem, { log, memory }: RelayPorts): Promise<void> {
  const status = await log.status(subject);
  if (status !== undefined) await memory.clear(subject, status.clearedRules, status.verified);
}

async function addJob({ subject, payload }: OutboxItem, { jobs }: RelayPorts): Promise<void> {
  const job: VerificationJob = { caseId: subject, version: Number(payload.version) };
  await jobs.add([job]);
}

async function applyLabel({ subject, payload }: OutboxItem, { features }: RelayPorts): Promise<void> {
  const label = labels.find((one) => one === payload.label);
  if (label !== undefined) await features.label(subject, label, Date.parse(String(payload.observed_at)));
}
