import { StoreUnavailable } from '../model/store-unavailable.js';
import type { RingDecision } from './access-batches.js';
import { isRingDecision } from './access-batches.js';
import { decideCaseOf, finishCaseOf, tellOfDecision } from './ring-decision-case.js';
import { decidePage, notePassedOver } from './ring-decision-pages.js';
import type { RingDecisionPorts } from './ring-decision-ports.js';
import { memberPages } from './ring-members.js';

/** Accounts of one transaction: their locks are held for some ten milliseconds. */
const pageSize = 100;

/**
 * Brings a person's decision about a ring to its members, page by page; every page also marks who has been looked at, so
 * that whoever dies on the way is followed by another. Returns the batch as it is left: done, refused, or planned when
 * `pages` were not enough.
 */
export async function runRingDecision(
  batch: RingDecision,
  ports: RingDecisionPorts,
  pages = Number.POSITIVE_INFINITY,
): Promise<RingDecision> {
  if (batch.state === 'awaiting_second') return expire(batch, ports);
  if (!(await decideCaseOf(batch, ports)))
    return leave({ ...batch, state: 'refused', finishedAt: ports.clock.now() }, ports);
  for await (const members of memberPages(ports.members, batch.ringId)) await ports.batches.plan(batch.id, members);
  for (let page = 0; ; page++) {
    const accountIds = await nextAccounts(batch, ports);
    if (accountIds.length === 0) return finish(batch, ports);
    if (page >= pages) return leave({ ...batch, notBefore: ports.clock.now() }, ports);
    if (!(await tellPage(batch, accountIds, ports))) return again(batch, ports);
    ports.onPage?.();
  }
}

/** Who is in the ring's case and not in the ring any more is decided too. */
async function nextAccounts(batch: RingDecision, { batches, records, clock }: RingDecisionPorts) {
  const pending = await batches.pending(batch.id, pageSize);
  const { caseId } = batch.order;
  if (pending.length > 0 || caseId === null) return pending;
  const left = await records.membersLeft(caseId, 'current', { limit: pageSize });
  const joinedAt = clock.now();
  if (left.length > 0)
    await batches.plan(
      batch.id,
      left.map((accountId) => ({ accountId, joinedAt })),
    );
  return batches.pending(batch.id, pageSize);
}

/** When a page cannot be written its accounts are tried one by one; the one that it is about is noted, the others go on. */
async function tellPage(
  batch: RingDecision,
  accountIds: readonly string[],
  ports: RingDecisionPorts,
): Promise<boolean> {
  try {
    return await decidePage(batch, accountIds, ports);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
  }
  for (const accountId of accountIds) {
    try {
      if (!(await decidePage(batch, [accountId], ports))) return false;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      await notePassedOver(batch, accountId, ports);
    }
  }
  return true;
}

async function finish(batch: RingDecision, ports: RingDecisionPorts): Promise<RingDecision> {
  await finishCaseOf(batch, ports);
  return leave({ ...batch, state: 'done', finishedAt: ports.clock.now() }, ports);
}

async function leave(batch: RingDecision, ports: RingDecisionPorts): Promise<RingDecision> {
  return (await ports.batches.save(batch, 'planned')) ? batch : again(batch, ports);
}

async function again(batch: RingDecision, { batches }: RingDecisionPorts): Promise<RingDecision> {
  const found = await batches.get(batch.id);
  return isRingDecision(found) ? found : batch;
}

/** Nobody confirmed it in its time. */
async function expire(batch: RingDecision, ports: RingDecisionPorts): Promise<RingDecision> {
  const now = ports.clock.now();
  const expired: RingDecision = { ...batch, state: 'expired', finishedAt: now };
  if (!(await ports.batches.save(expired, 'awaiting_second'))) return again(batch, ports);
  await tellOfDecision(expired, { kind: 'decision_expired', actor: 'system' }, ports);
  return expired;
}
