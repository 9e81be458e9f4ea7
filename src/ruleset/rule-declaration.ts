import type { CheckedExpression } from '../expression/checked-expression.js';
import type { RuleInfo } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import type { Reading } from '../model/value.js';
import type { Located } from './problem-sink.js';
import type { Title } from './title.js';

/** Where a rule does not count, why, and until when. */
export interface RuleException {
  readonly when: CheckedExpression;
  readonly why: string;
  readonly owner: string;
  /** The first instant of the last day on which it holds, in UTC. */
  readonly lastDay: Instant;
  readonly at: Located;
}

const dayMs = 86_400_000;

/** From this instant on it is ignored: its last day counts whole. */
export const endOfException = ({ lastDay }: Pick<RuleException, 'lastDay'>): Instant => lastDay + dayMs;

/** A rule that fires on more than `share` of the last events goes to shadow by itself. */
export interface Fuse {
  readonly share: number;
  /** This many hits are needed before the fuse can blow. */
  readonly min: number;
  readonly overMs: number;
}

export const ruleResults = ['fires', 'quiet', 'unknown'] as const;
export type RuleResult = (typeof ruleResults)[number];

/** An inline test: values given by hand, and what the rule is to make of them. */
export interface RuleTest {
  readonly name: string;
  readonly given: ReadonlyMap<string, Reading>;
  readonly expect: RuleResult;
  readonly at: Located;
}

/** A rule as declared, checked, with its places. */
export interface RuleDeclaration {
  readonly info: RuleInfo;
  readonly when: CheckedExpression;
  readonly points: CheckedExpression;
  readonly title: Title;
  readonly exceptions: readonly RuleException[];
  readonly tests: readonly RuleTest[];
  readonly fuse?: Fuse;
  /** Its id in the file. */
  readonly at: Located;
  readonly whenAt: Located;
}
