import type { OutboxKind, OutboxMessage } from '../cases/case-records.js';
import { accessCauses, accessStates } from '../model/access.js';
import { labels } from '../model/label.js';
import { toIso } from '../model/time.js';
import type { ReplayPorts } from './replay-ports.js';

type Delivery = (message: OutboxMessage, ports: ReplayPorts) => Promise<void> | undefined;

/** What the service's relay does later and elsewhere happens here at once and in order; nobody waits for a queue. */
const deliveries: Readonly<Partial<Record<OutboxKind, Delivery>>> = {
  access_changed: tellChange,
  account_cleared: clearMemory,
  label_recorded: applyLabel,
};

export async function deliverMessages(ports: ReplayPorts): Promise<void> {
  for (const message of ports.takeMessages()) await deliveries[message.kind]?.(message, ports);
}

const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((one) => one === value);

/** A decision's own change is in its line already. */
function tellChange({ subject, payload }: OutboxMessage, { clock, emit }: ReplayPorts): undefined {
  const cause = oneOf(accessCauses, payload.cause);
  const from = oneOf(accessStates, payload.from);
  const to = oneOf(accessStates, payload.to);
  if (cause === undefined || cause === 'decision' || from === undefined || to === undefined) return;
  const ring = typeof payload.ring_id === 'string' ? payload.ring_id : null;
  emit({ kind: 'access_changed', at: toIso(clock.now()), account_id: subject, from, to, cause, ring_id: ring });
}

async function clearMemory({ subject }: OutboxMessage, { story, memory }: ReplayPorts): Promise<void> {
  const status = await story.log.status(subject);
  if (status !== undefined) await memory.clear(subject, status.clearedRules, status.verified);
}

async function applyLabel({ subject, payload }: OutboxMessage, { features }: ReplayPorts): Promise<void> {
  const label = oneOf(labels, payload.label);
  if (label !== undefined) await features.label(subject, label, Date.parse(String(payload.observed_at)));
}
