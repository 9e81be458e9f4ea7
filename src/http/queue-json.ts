import { z } from 'zod';
import { caseUrgency, isLate } from '../cases/case-priority.js';
import type { SampledMember, Workload } from '../cases/queue-figures.js';
import type { ListedCase } from '../cases/review-queue.js';
import { queueViews } from '../cases/review-queue.js';
import { type Instant, toIso } from '../model/time.js';
import { caseReply } from './schemas.js';
import { caseJson } from './wire.js';

const time = z.iso.datetime().describe('RFC 3339, UTC');
const count = z.int().min(0);

/** What a row of the queue shows beside the case itself. */
export const listedCaseReply = caseReply
  .extend({
    title: z.string().describe('The first reason in plain words.'),
    urgency: z.number().describe('The priority with what waiting has added until now: 2 points an hour.'),
    is_late: z.boolean(),
    ring_size: count.nullable().describe('Of the case of a ring: accounts in it now.'),
    subject: z.string().nullable().describe('The account, masked: the domain of its e-mail address.'),
    country: z.string().nullable(),
    network: z.string().nullable(),
  })
  .meta({ id: 'ListedCase' });

/** Cases that no rule has opened have no words of a rule. */
const titles: ReadonlyMap<string, string> = new Map([
  ['history.fraud_label', 'Labelled as fraud'],
  ['manual.hold', 'Held by a person'],
  ['manual.appeal', 'Asked for another look'],
  ['ring.retro_hold', 'Found out with its ring'],
  ['policy.unavailable', 'Held because inputs could not be had'],
]);

export const listedCaseJson = ({ seen, ...one }: ListedCase, now: Instant) => ({
  ...caseJson(one),
  title: seen.title ?? titles.get(one.reason) ?? one.reason,
  urgency: caseUrgency(one, now),
  is_late: isLate(one, now),
  ring_size: seen.ringSize,
  subject: seen.emailDomain === null ? null : `…@${seen.emailDomain}`,
  country: seen.country,
  network: seen.network,
});

const viewReply = z.strictObject({ cases: count, oldest_at: time.nullable(), oldest_age_s: count.nullable() });

export const workloadReply = z
  .strictObject({
    views: z.strictObject({
      mine: viewReply,
      unclaimed: viewReply,
      due: viewReply,
      rings: viewReply,
      appeals: viewReply,
      snoozed: viewReply,
      escalated: viewReply,
    } satisfies Record<(typeof queueViews)[number], z.ZodType>),
    undecided: count,
    late: count,
    due_in_1h: count.describe('Not late yet.'),
    median_decision_s: z.number().nullable().describe('From opening to decision, over the last 24 hours.'),
    reviewers: z
      .array(
        z.strictObject({
          actor: z.string(),
          name: z.string().nullable(),
          decisions: count,
          median_decision_s: z.number(),
        }),
      )
      .describe('Who decided how much in the last 24 hours; parts of the service among them. A hundred at most.'),
  })
  .meta({ id: 'Workload' });

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

export function workloadJson(workload: Workload, now: Instant) {
  const viewJson = (view: (typeof queueViews)[number]) => {
    const { cases, oldestAt } = workload.views[view];
    return oldestAt === null
      ? { cases, oldest_at: null, oldest_age_s: null }
      : { cases, oldest_at: toIso(oldestAt), oldest_age_s: Math.max(0, Math.round((now - oldestAt) / 1000)) };
  };
  return {
    views: Object.fromEntries(queueViews.map((view) => [view, viewJson(view)])),
    undecided: workload.undecided,
    late: workload.late,
    due_in_1h: workload.dueInHour,
    median_decision_s: workload.medianMs === null ? null : seconds(workload.medianMs),
    reviewers: workload.reviewers.map(({ actor, name, decisions, medianMs }) => ({
      actor,
      name,
      decisions,
      median_decision_s: seconds(medianMs),
    })),
  };
}

export const sampledMemberJson = ({ accountId, joinedAt, ...member }: SampledMember) => ({
  account_id: accountId,
  joined_at: joinedAt === null ? null : toIso(joinedAt),
  ...member,
});
