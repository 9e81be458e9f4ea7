import { z } from 'zod';
import { accessStates } from '../model/access.js';
import { ringStates } from '../rings/ring-records.js';

const time = z.iso.datetime().describe('RFC 3339, UTC');
const share = z.number().describe('Of its members, 0 to 1.');

const ringStatisticsReply = z
  .strictObject({
    growth_1h: z.number().int().describe('Accounts that joined in the hour before `changed_at`.'),
    age_h: z.number(),
    strong_links: z.number().int().describe('Strong keys that hold it together.'),
    families: z.number().int().describe('Kinds of links that hold it together.'),
    distinct_prefixes: z.number().int().describe('Stops at 256.'),
    distinct_asns: z.number().int().describe('Stops at 256.'),
    held_share: share,
    fraud_labels: z.number().int(),
    verified_share: share,
    purity: z.number().describe('Largest share of members with one device template.'),
  })
  .meta({ id: 'RingStatistics' });

export const ringReply = z
  .strictObject({
    id: z.string(),
    state: z.enum(ringStates).describe('open; detected: a live ring rule fired; dissolved: its links ran out.'),
    size: z.number().int().describe('Accounts; stops at 10,000.'),
    first_seen_at: time,
    changed_at: time,
    statistics: ringStatisticsReply.nullable().describe('As of `changed_at`; null once it is dissolved.'),
    detected_at: time.nullable(),
    decision_id: z.string().nullable().describe('The decision that found it out.'),
    case_id: z.string().nullable().describe('The newest case of the whole ring.'),
  })
  .meta({ id: 'Ring' });

export const ringMemberReply = z
  .strictObject({
    account_id: z.string(),
    joined_at: time,
    state: z.enum(accessStates),
    verified: z.boolean(),
  })
  .meta({ id: 'RingMember' });

export const ringDetailReply = ringReply
  .extend({
    reasons: z
      .array(z.strictObject({ link: z.string(), keys: z.number().int(), accounts: z.number().int() }))
      .describe('What its oldest thousand members share: keys that more than one of them has, and how many have one.'),
    members: z.array(ringMemberReply).describe('The oldest hundred; `/v1/rings/{id}/members` has all.'),
    holds: z
      .array(
        z.strictObject({
          batch_id: z.string(),
          kind: z
            .enum(['retro_hold', 'gathering'])
            .describe('gathering: held before, and brought from cases of their own into the case of the ring.'),
          state: z.string(),
          created_at: time,
          undone_at: time.nullable(),
          held: z.number().int(),
          spared: z.number().int(),
        }),
      )
      .describe(
        'Earlier members held when the ring was found out, and held ones that were gathered into its case: each to be undone as one.',
      ),
  })
  .meta({ id: 'RingDetail' });

export const ringGraphReply = z
  .strictObject({
    id: z.string(),
    size: z.number().int(),
    is_whole: z.boolean().describe('False when the ring has more accounts, or shared keys, than are shown.'),
    nodes: z.array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('account'),
          id: z.string(),
          state: z.enum(accessStates),
          verified: z.boolean(),
          joined_at: time,
        }),
        z.strictObject({
          kind: z.literal('key'),
          id: z.string().describe('The beginning of a hash.'),
          link: z.string(),
          accounts: z.number().int().describe('Of those shown.'),
        }),
      ]),
    ),
    edges: z.array(z.strictObject({ account: z.string(), key: z.string() })),
  })
  .meta({ id: 'RingGraph' });
