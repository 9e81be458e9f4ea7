import { toIso } from '../model/time.js';
import type { Arrival } from './people/account.js';

/** One line of truth.jsonl: what the scorecard compares with and prices by. */
export interface TruthLine {
  readonly account_id: string;
  readonly kind: 'honest' | 'fraud';
  /** Honest people: the crowd and, where they share something, which of its groups. */
  readonly crowd?: string;
  readonly unit?: string;
  readonly campaign?: string;
  readonly tier?: string;
  readonly pool?: string;
  readonly style?: string;
  readonly ring?: string;
  readonly path: string;
  readonly signup_at: string;
  /** When it would first use the model; null: never. */
  readonly first_use_at: string | null;
  /** When it would stop. */
  readonly last_use_at: string | null;
  readonly exchanges_per_day: number;
}

const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));

export function isTruthLine(value: unknown): value is TruthLine {
  if (typeof value !== 'object' || value === null) return false;
  if (!('account_id' in value && 'kind' in value && 'signup_at' in value && 'exchanges_per_day' in value)) return false;
  if (!('first_use_at' in value && 'last_use_at' in value)) return false;
  const { kind, account_id, signup_at, first_use_at, last_use_at, exchanges_per_day } = value;
  return (
    (kind === 'honest' || kind === 'fraud') &&
    typeof account_id === 'string' &&
    typeof exchanges_per_day === 'number' &&
    isTime(signup_at) &&
    [first_use_at, last_use_at].every((at) => at === null || isTime(at))
  );
}

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
