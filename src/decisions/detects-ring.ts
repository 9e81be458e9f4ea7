import { outcomeRank } from '../model/policy.js';
import type { Decided } from './decide.js';

/** A live rule about rings fired, and the outcome is a hold or more: the account's ring is found out. */
export const detectsRing = ({ outcome, hits }: Pick<Decided, 'outcome' | 'hits'>): boolean =>
  outcomeRank[outcome] >= outcomeRank.hold && hits.some(({ rule }) => rule.family === 'ring');
