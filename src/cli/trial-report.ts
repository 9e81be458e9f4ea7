import { z } from 'zod';
import { outcomeRank } from '../model/policy.js';
import { outcomes } from '../model/rule.js';
import { type Instant, parseDurationSeconds, parseInstant, toIso } from '../model/time.js';
import { UsageError } from './command-arguments.js';
import { notOurs } from './kept-rule-set.js';
import type { ServiceClient } from './service-client.js';

const share = z.object({
  count: z.number(),
  of: z.number(),
  share: z.number().nullable(),
  low: z.number(),
  high: z.number(),
});

const change = z.object({ from: z.enum(outcomes), to: z.enum(outcomes), decisions: z.number() });

const counts = z.object({
  evaluated: z.number(),
  fired: z.number(),
  unknown: share,
  nanoseconds: z.number().nullable(),
  would_change: z.number(),
});

/** What is read of `GET /v1/rules/trial`. */
const trialRule = z.object({
  id: z.string(),
  mode: z.union([z.string(), z.object({ rollout: z.number() })]),
  owner: z.string(),
  definition: z.string(),
  mode_since: z.string(),
  fuse_blown: z.object({ blown_at: z.string(), hits: z.number(), events: z.number() }).nullable(),
  counts: z.object({ last_24h: counts, last_7d: counts, since_defined: counts }),
  evidence: z.object({
    decisions: z.number(),
    accounts: z.number(),
    fraud: z.number(),
    honest: z.number(),
    precision: share,
    recall: share,
    changes: z.array(change),
    newly_held: z.number(),
    newly_limited: z.number(),
    honest_pay: z.number(),
    overlap: z.array(z.object({ rule: z.string(), accounts: z.number(), share: z.number() })),
  }),
  advice: z.object({ recommendation: z.enum(['promote', 'watch', 'withdraw']), reasons: z.array(z.string()) }),
});
export type TrialRule = z.infer<typeof trialRule>;
type TrialShare = z.infer<typeof share>;

const trialReport = z.object({
  data: z.array(trialRule),
  evidence: z.object({
    since: z.string(),
    decisions: z.number(),
    accounts: z.number(),
    fraud: z.number(),
    honest: z.number(),
    complete: z.boolean(),
  }),
  candidate: z
    .object({
      ruleset: z.string(),
      decisions: z.number(),
      changes: z.array(change),
      newly_held: z.number(),
      newly_limited: z.number(),
      honest_pay: z.number(),
    })
    .nullable(),
});
export type TrialReport = z.infer<typeof trialReport>;

interface TrialQuestion {
  readonly since: Instant;
  /** One rule, whatever its mode; without it those on trial. */
  readonly rule?: string;
}

/** Undefined: the service has no such rule. */
export async function fetchTrial(
  client: ServiceClient,
  { since, rule }: TrialQuestion,
): Promise<TrialReport | undefined> {
  const query = new URLSearchParams({ since: toIso(since), ...(rule === undefined ? {} : { rule }) });
  const body = await client.get(`/v1/rules/trial?${query}`);
  if (body === undefined) return undefined;
  const parsed = trialReport.safeParse(body);
  if (!parsed.success) throw notOurs(client);
  return parsed.data;
}

/** All that it changes comes out looser: it speaks for people. */
export const isEasing = ({ changes }: TrialRule['evidence']): boolean =>
  changes.length > 0 && changes.every(({ from, to }) => outcomeRank[to] < outcomeRank[from]);

/** `--since 7d`: how long ago, or a date. */
/** The service looks no further back. */
const longestTrialMs = 90 * 86_400_000;

export function sinceOf(text: string | undefined, now: Instant): Instant {
  const seconds = parseDurationSeconds(text ?? '7d');
  const at = seconds === undefined ? parseInstant(text ?? '') : now - 1000 * seconds;
  if (at === undefined || at > now) throw new UsageError(`--since is a time such as 7d or 2026-11-01, not '${text}'`);
  if (now - at > longestTrialMs) throw new UsageError(`--since is at most 90 days ago, not '${text}'`);
  return at;
}

export const percentText = (part: number): string => {
  const percent = 100 * part;
  return `${percent !== 0 && Math.abs(percent) < 1 ? percent.toFixed(2) : percent.toFixed(0)} %`;
};

/** `71 % (52 to 85 %), 17 of 24` */
export const shareText = ({ count, of, share: part, low, high }: TrialShare): string =>
  part === null
    ? 'not known'
    : `${percentText(part)} (${percentText(low).replace(' %', '')} to ${percentText(high)}), ${count} of ${of}`;

export const modeWords = (mode: TrialRule['mode']): string =>
  typeof mode === 'string' ? mode : `a roll-out to ${percentText(mode.rollout)}`;
