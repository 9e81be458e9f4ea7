import { z } from 'zod';
import { instantText } from '../model/instant-text.js';
import { toIso } from '../model/time.js';
import type { Arrival } from './people/account.js';

/** One line of truth.jsonl: what the scorecard compares with and prices by. */
export interface TruthLine {
  readonly account_id: string;
  readonly kind: 'honest' | 'fraud';
  /** Honest people: the crowd and, where they share something, which of its groups. */
  readonly crowd?: string | undefined;
  readonly unit?: string | undefined;
  readonly campaign?: string | undefined;
  readonly tier?: string | undefined;
  readonly pool?: string | undefined;
  readonly style?: string | undefined;
  readonly ring?: string | undefined;
  readonly path: string;
  readonly signup_at: string;
  /** When it would first use the model; null: never. */
  readonly first_use_at: string | null;
  /** When it would stop. */
  readonly last_use_at: string | null;
  readonly exchanges_per_day: number;
}

const name = z.string().optional();

export const truthLineSchema: z.ZodType<TruthLine> = z.looseObject({
  account_id: z.string(),
  kind: z.enum(['honest', 'fraud']),
  crowd: name,
  unit: name,
  campaign: name,
  tier: name,
  pool: name,
  style: name,
  ring: name,
  path: z.string(),
  signup_at: instantText,
  first_use_at: instantText.nullable(),
  last_use_at: instantText.nullable(),
  exchanges_per_day: z.number(),
});

const dayMs = 86_400_000;

export function truthLine({ at, planned, truth }: Arrival): TruthLine {
  const { useAfterMs, days, exchangesPerDay } = planned.habits;
  const firstUse = useAfterMs === undefined ? undefined : at + Math.round(useAfterMs);
  const belongs =
    truth.kind === 'honest'
      ? { crowd: truth.crowd, ...(truth.unit === undefined ? {} : { unit: truth.unit }) }
      : { campaign: truth.campaign, tier: truth.tier, pool: truth.pool, style: truth.style, ring: truth.ring };
  return {
    account_id: planned.id,
    kind: truth.kind,
    ...belongs,
    path: planned.account.path ?? 'standard',
    signup_at: toIso(at),
    first_use_at: firstUse === undefined ? null : toIso(firstUse),
    last_use_at: firstUse === undefined ? null : toIso(firstUse + Math.round(days * dayMs)),
    exchanges_per_day: exchangesPerDay,
  };
}
