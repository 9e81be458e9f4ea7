import type { Case } from '../model/case.js';

/** Every so many picks of the next case, one goes to whoever has waited longest in the lane. */
export const laneEvery = 4;
/** Accounts with a lower score, and in no ring, are in the lane; the database's index says the same number. */
export const laneScoreBelow = 85;

/** Who picks: what is assigned to others is left to them, what waits for a senior to seniors. */
export interface Picker {
  readonly actor: string;
  readonly isSenior: boolean;
}

/** Single accounts that could well be honest: no flood of rings may keep them waiting. */
export const isInLane = ({ ringId, score }: Pick<Case, 'ringId' | 'score'>): boolean =>
  ringId === null && score < laneScoreBelow;

/** `pick` counts from 1, over all instances. */
export const isLanePick = (pick: number): boolean => pick % laneEvery === 0;

export const mayPick = (
  {
    assignedTo,
    escalatedAt,
    barredActor,
  }: Pick<Case, 'assignedTo' | 'escalatedAt'> & { readonly barredActor: string | null },
  { actor, isSenior }: Picker,
): boolean =>
  (assignedTo === null || assignedTo === actor) && (escalatedAt === null || isSenior) && barredActor !== actor;
