import { z } from 'zod';
import { batchStates } from '../cases/access-batch.js';
import { accessStates } from '../model/access.js';
import { labels } from '../model/label.js';
import { type Instant, toIso } from '../model/time.js';
import { failureReasons } from '../ring-decisions/access-batches.js';
import type { RingProgress } from '../ring-decisions/decide-ring.js';
import type { TriedRing } from '../ring-decisions/try-ring-decision.js';
import type { RingHubMark } from '../rings/ring-hub-marks.js';

const time = z.iso.datetime().describe('RFC 3339, UTC');
const count = z.number().int();
export const ringDecisions = ['approve', 'reject'] as const;

const countsReply = z.strictObject({
  changed: count.describe('Reached by the decision; of a trial: whom it would reach.'),
  excluded: count.describe('Left as they are because the decision says so.'),
  spared: count.describe('Not held, and verified, paying for long, old enough, or let in by a person.'),
  already: count.describe('Nothing to do.'),
  denied_before: count.describe('Denied before, and left so.'),
  claimed: count.describe('In a case of their own that somebody else is working on.'),
  barred: count.describe('Held or denied by who decides here, and appealed: for another person.'),
  other_case: count.describe('In the case of another ring.'),
  gone: count.describe('Erased meanwhile.'),
  error: count.describe('Could not be written.'),
  restored: count.describe('Taken back.'),
  kept: count.describe('To be taken back, and changed by something else since.'),
});

const noCounts = Object.fromEntries(Object.keys(countsReply.shape).map((name) => [name, 0]));

export const ringBatchReply = z
  .strictObject({
    dry_run: z.literal(false),
    id: z.string(),
    ring_id: z.string(),
    decision: z.enum(ringDecisions),
    reason: z.string(),
    label: z.enum(labels).nullable(),
    state: z
      .enum(batchStates)
      .describe('awaiting_second: to be confirmed by another senior; planned: members are being told.'),
    actor: z.string().describe('Key of who decided, or proposed.'),
    second: z.string().nullable().describe('Key of who confirmed.'),
    exclude: z.array(z.string()),
    case_id: z.string().nullable().describe('The case that was decided with it.'),
    created_at: time,
    expires_at: time.nullable().describe('Until when a second person may confirm it.'),
    finished_at: time.nullable(),
    undone_at: time.nullable(),
    undone_by: z.string().nullable(),
    total: count.describe('Accounts that it is about, as far as they are known.'),
    done: count.describe('Of those, looked at.'),
    counts: countsReply,
    failed: z
      .array(z.strictObject({ account_id: z.string(), code: z.string(), reason: z.string() }))
      .describe('Accounts that it did not reach although it should have, at most 200.'),
  })
  .meta({ id: 'RingBatch' });

export const ringTrialReply = z
  .strictObject({
    dry_run: z.literal(true),
    ring_id: z.string(),
    decision: z.enum(ringDecisions),
    total: count,
    counts: countsReply,
    needs_second: z.boolean().describe('A second senior would have to confirm it.'),
    case_id: z.string().nullable().describe('The case that would be decided with it.'),
    case_claimed: z.boolean().describe('Somebody else is working on that case: the decision would be refused.'),
    examples: z
      .array(
        z.strictObject({
          account_id: z.string(),
          from: z.enum(accessStates),
          to: z.enum(accessStates),
          result: z.string().describe('As in `counts`.'),
        }),
      )
      .describe('At most fifty.'),
  })
  .meta({ id: 'RingTrial' });

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));

export function ringBatchJson({ batch, counts, failed }: RingProgress) {
  const { order } = batch;
  const { pending = 0, ...looked } = counts;
  const done = Object.values(looked).reduce((sum, one) => sum + one, 0);
  return {
    dry_run: false,
    id: batch.id,
    ring_id: batch.ringId,
    decision: order.decision,
    reason: order.reason,
    label: order.label,
    state: batch.state,
    actor: order.actor,
    second: order.second,
    exclude: order.exclude,
    case_id: order.caseId,
    created_at: toIso(batch.createdAt),
    expires_at: batch.state === 'awaiting_second' ? toIso(batch.notBefore) : null,
    finished_at: isoOrNull(batch.finishedAt),
    undone_at: isoOrNull(batch.undoneAt),
    undone_by: batch.undoneBy,
    total: done + pending,
    done,
    counts: { ...noCounts, ...looked },
    failed: failed.map(({ accountId, result }) => ({
      account_id: accountId,
      code: result,
      reason: failureReasons[result],
    })),
  };
}

export const ringTrialJson = (tried: TriedRing, decision: 'approve' | 'reject') => ({
  dry_run: true,
  ring_id: tried.ringId,
  decision,
  total: tried.accounts,
  counts: { ...noCounts, ...tried.counts },
  needs_second: tried.needsSecond,
  case_id: tried.caseId,
  case_claimed: tried.isCaseClaimed,
  examples: tried.examples.map(({ accountId, from, to, result }) => ({ account_id: accountId, from, to, result })),
});

export const hubMarkReply = z
  .strictObject({
    ring_id: z.string(),
    link: z.string(),
    key: z.string().describe('The beginning of a hash, as in the graph of the ring.'),
    reason: z.string(),
    actor: z.string(),
    at: time,
    removed_by: z.string().nullable(),
    removed_at: time.nullable(),
  })
  .meta({ id: 'RingHubMark' });

const keyLetters = 10;

export const hubMarkJson = (mark: RingHubMark) => ({
  ring_id: mark.ringId,
  link: mark.link,
  key: mark.key.slice(0, keyLetters),
  reason: mark.reason,
  actor: mark.actor,
  at: toIso(mark.at),
  removed_by: mark.removedBy,
  removed_at: isoOrNull(mark.removedAt),
});
