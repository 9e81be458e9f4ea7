import type { RuleDeclaration } from '../rule-declaration.js';

/** Counts in decisions, for all accounts or some. */
export const isLive = ({ info: { mode } }: RuleDeclaration): boolean =>
  typeof mode === 'string' ? mode === 'live' : mode.rollout > 0;

/** Rules begin in shadow: what is wrong with one is told before it counts. */
export const isOff = ({ info }: RuleDeclaration): boolean => info.mode === 'off';
