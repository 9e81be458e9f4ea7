import type { RuleDeclaration } from '../rule-declaration.js';
import type { RuleSet } from '../rule-set.js';
import type { NounOf } from './describe-condition.js';
import type { RoomOfKey } from './find-counterexample.js';

/** Both rule sets and what names mean in them. */
export interface Comparison {
  readonly before: RuleSet;
  readonly after: RuleSet;
  /** A name of the old rule set as it is in the new one: features can be renamed. */
  readonly rename: (name: string) => string;
  readonly nounOf: NounOf;
  /** What inputs can be, by their names in the new rule set. */
  readonly roomOf: RoomOfKey;
  /** Inputs and lists (`lists.NAME`) that are called the same and are others now: nothing follows from conditions on them. */
  readonly edited: ReadonlySet<string>;
  /** Exceptions that have expired by now change nothing. */
  readonly now: number;
}

/** One rule in both rule sets. */
export interface RulePair {
  readonly before: RuleDeclaration;
  readonly after: RuleDeclaration;
  readonly comparison: Comparison;
}

/** Names of the new rule set are called what they are. */
export const asIs = (name: string): string => name;
