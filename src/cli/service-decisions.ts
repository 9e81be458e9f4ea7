import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { StoredRow } from '../backtest/stored-row.js';
import { eventTypes } from '../model/event-type.js';
import { labels } from '../model/label.js';
import { outcomes } from '../model/rule.js';
import { type Instant, toIso } from '../model/time.js';
import { notOurs } from './kept-rule-set.js';
import type { ServiceClient } from './service-client.js';

const pastDecision = z.object({
  event_id: z.string(),
  account_id: z.string(),
  type: z.enum(eventTypes),
  decided_at: z.string(),
  outcome: z.enum(outcomes),
  rules: z.array(z.object({ id: z.string() })),
  shadow: z.array(z.string()),
  ruleset: z.string(),
  unknown: z.array(z.string()),
  degraded: z.array(z.string()),
  unavailable: z.array(z.string()).optional(),
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  label: z.enum(labels).nullable(),
});

const pageOf = z.object({ data: z.array(pastDecision), next_cursor: z.string().nullable() });

export interface DecisionsAsked {
  readonly since: Instant;
  readonly until: Instant;
}

/** Small, so that the service's answers wait for no large one. */
const pageSize = 100;

/** Decisions of the service, oldest first, a page at a time. */
export async function* servicePages(
  service: ServiceClient,
  { since, until }: DecisionsAsked,
): AsyncGenerator<readonly StoredRow[]> {
  const range = { since: toIso(since), until: toIso(until), limit: String(pageSize) };
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = new URLSearchParams({ ...range, ...(cursor === undefined ? {} : { cursor }) });
    const startedAt = performance.now();
    const parsed = pageOf.safeParse(await service.get(`/v1/decisions:inputs?${query}`));
    if (!parsed.success) throw notOurs(service);
    const tookMs = performance.now() - startedAt;
    yield parsed.data.data.map(rowOf);
    cursor = parsed.data.next_cursor;
    // As long as the service worked for this one: a service that is busy is read the more slowly.
    if (cursor !== null) await sleep(tookMs);
  }
}

const rowOf = (past: z.infer<typeof pastDecision>): StoredRow => ({
  eventId: past.event_id,
  accountId: past.account_id,
  type: past.type,
  decidedAt: Date.parse(past.decided_at),
  outcome: past.outcome,
  fired: new Set([...past.rules.map(({ id }) => id), ...past.shadow]),
  ruleSet: past.ruleset,
  unknown: past.unknown,
  degraded: past.degraded,
  unavailable: past.unavailable,
  inputs: past.inputs,
  label: past.label ?? undefined,
});
