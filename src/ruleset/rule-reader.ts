import type { ReasonInfo } from '../model/reason.js';
import type { Instant } from '../model/time.js';
import type { ExpressionReader } from './read-expression.js';
import type { FieldReader } from './yaml/read-fields.js';
import type { YamlNode } from './yaml/yaml-node.js';

/** What a rule is read against. */
export interface RuleContext extends Omit<ExpressionReader, 'fields'> {
  readonly reasons: ReadonlyMap<string, ReasonInfo>;
  readonly isIdentifier: (name: string) => boolean;
  readonly now: Instant;
  readonly expiredExceptions: 'error' | 'warn';
}

/** One rule being read. */
export interface RuleReader extends RuleContext {
  readonly fields: FieldReader;
  readonly values: ReadonlyMap<string, YamlNode>;
}
