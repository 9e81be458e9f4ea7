import { observeEvidence } from '../evaluate/observe-evidence.js';
import { type AccessState, accessCauses, accessStates } from '../model/access.js';
import { labels } from '../model/label.js';
import { toIso } from '../model/time.js';
import type { OutboxKind, OutboxMessage } from '../outbox/outbox.js';
import type { ReplayPorts } from './replay-ports.js';

type Delivery = (message: OutboxMessage, ports: ReplayPorts) => Promise<void>;

/** What the service's relay does later and elsewhere happens here at once and in order; nobody waits for a queue. */
const deliveries: Readonly<Partial<Record<OutboxKind, Delivery>>> = {
  access_changed: followChange,
  account_cleared: clearMemory,
  label_recorded: applyLabel,
  evidence_recorded: ({ subject }, { evidence }) => observeEvidence(subject, evidence),
};

export async function deliverMessages(ports: ReplayPorts): Promise<void> {
  for (const message of ports.takeMessages()) await deliveries[message.kind]?.(message, ports);
  await ports.rings.tellGrown(ports.clock.now());
}

const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((one) => one === value);

const isOut = (state: AccessState | undefined): boolean => state === 'held' || state === 'denied';

async function followChange(message: OutboxMessage, ports: ReplayPorts): Promise<void> {
  const { subject, payload } = message;
  const from = oneOf(accessStates, payload.from);
  const to = oneOf(accessStates, payload.to);
  if (to === undefined) return;
  const at = ports.clock.now();
  if (isOut(from) !== isOut(to)) {
    await ports.features.standing(subject, isOut(to) ? 'out' : 'good', at);
    tellRings(subject, ports);
  }
  const cause = oneOf(accessCauses, payload.cause);
  // A decision's own change is in its line already.
  if (cause === undefined || cause === 'decision' || from === undefined) return;
  const ring_id = ports.ringOf(subject, at) ?? null;
  ports.emit({ kind: 'access_changed', at: toIso(at), account_id: subject, from, to, cause, ring_id });
}

function tellRings(accountId: string, { rings, standingOf, clock }: ReplayPorts): void {
  const standing = standingOf(accountId, clock.now());
  if (standing !== undefined) rings.apply({ kind: 'standing', ...standing });
}

async function clearMemory({ subject }: OutboxMessage, ports: ReplayPorts): Promise<void> {
  const status = await ports.story.log.status(subject);
  if (status !== undefined) await ports.memory.clear(subject, status);
  tellRings(subject, ports);
}

async function applyLabel({ subject, payload }: OutboxMessage, ports: ReplayPorts): Promise<void> {
  const label = oneOf(labels, payload.label);
  if (label !== undefined) await ports.features.label(subject, label, Date.parse(String(payload.observed_at)));
  tellRings(subject, ports);
}
