import { z } from 'zod';
import type { AuditReport } from '../audit/verify-audit.js';
import type { Config } from '../config.js';
import { UsageError } from './command-arguments.js';
import { adminKey, originOf, wrongKey } from './service-client.js';

const kinds = ['changed', 'missing', 'order', 'added', 'link', 'tail_cut', 'head'] as const;

const reply = z
  .object({
    ok: z.boolean(),
    rows: z.number(),
    sealed: z.number(),
    unsealed: z.number(),
    erased: z.number(),
    erasures: z.array(z.object({ by: z.number(), rows: z.number() })),
    head: z.string().nullable(),
    compared_with: z.array(z.string()),
    problems: z.array(z.object({ seq: z.number().nullable(), kind: z.enum(kinds), detail: z.string() })),
    truncated: z.boolean(),
  })
  .transform(({ compared_with, ...report }): AuditReport => ({ ...report, comparedWith: compared_with }));

/** It reads all of a trail that may be long. */
const patienceMs = 600_000;

/** Undefined where no service answers. */
export async function askAuditReport(config: Config, head: string | undefined): Promise<AuditReport | undefined> {
  const origin = originOf(config);
  const isThere = await fetch(`${origin}/livez`, { signal: AbortSignal.timeout(5000) }).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const query = head === undefined ? '' : `?head=${encodeURIComponent(head)}`;
  const response = await fetch(`${origin}/v1/audit/verification${query}`, {
    headers: { authorization: `Bearer ${await adminKey(config)}` },
    signal: AbortSignal.timeout(patienceMs),
  });
  const body = reply.safeParse(await response.json().catch(() => undefined));
  if (response.ok && body.success) return body.data;
  if (response.status === 401) throw new UsageError(wrongKey(config, origin));
  throw new UsageError(`the service at ${origin} refused: ${response.status}`);
}
