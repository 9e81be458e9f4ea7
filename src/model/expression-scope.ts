import type { NamedList } from './list.js';
import type { ValueType } from './value.js';

/** An input an expression may read: a signal, a feature, or (later) a member of one. */
export interface InputInfo {
  readonly name: string;
  readonly type: ValueType;
  /** Index into the slot array of the rule set. */
  readonly slot: number;
  /** Can be absent from a well-formed event. */
  readonly optional: boolean;
  /** Least and greatest value of a number, where there are such. */
  readonly range?: readonly [least: number, most: number] | undefined;
  /** Closed set of values, where there is one: comparing with another string is an error. */
  readonly values?: readonly string[] | undefined;
}

/** The part of a list that checking and compiling need. */
export type ScopeList = Pick<NamedList, 'name' | 'kind' | 'has'>;
