import { toIso } from '../model/time.js';
import type { Arrival } from './people/account.js';

const dayMs = 86_400_000;

/** One line of labels.jsonl (contract, section 5). */
export interface Label {
  readonly at: string;
  readonly account_id: string;
  readonly label: 'fraud' | 'honest';
  readonly source: string;
}

/** How much of the truth becomes known, and how late (days, median). */
export interface LabelHabits {
  readonly fraudShare: number;
  readonly fraudAfterD: number;
  readonly honestShare: number;
  readonly honestAfterD: number;
  /** Honest people who dispute a charge. */
  readonly mistakenShare: number;
}

export const usualLabels: LabelHabits = {
  fraudShare: 0.12,
  fraudAfterD: 5,
  honestShare: 0.03,
  honestAfterD: 14,
  mistakenShare: 0.0001,
};

const sources = ['chargeback', 'provider_report', 'manual_review'] as const;

/** The label that comes of this account one day, if any. */
export function lateLabel(
  { at, planned, truth, random }: Arrival,
  habits: LabelHabits,
): { readonly atMs: number; readonly line: Label } | undefined {
  const draw = random.fork('label');
  const fraud = truth.kind === 'fraud' || draw.chance(habits.mistakenShare);
  const known = truth.kind === 'fraud' ? habits.fraudShare : fraud ? 1 : habits.honestShare;
  if (!draw.chance(known)) return undefined;
  const atMs = at + Math.round(draw.logNormal(fraud ? habits.fraudAfterD : habits.honestAfterD, 0.7) * dayMs);
  const source = fraud ? draw.pick(sources) : 'manual_review';
  const line = { at: toIso(atMs), account_id: planned.id, label: fraud ? 'fraud' : 'honest', source } as const;
  return { atMs, line };
}
