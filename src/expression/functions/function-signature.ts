import type { ValueType } from '../../model/value.js';

export interface Parameter {
  readonly name: string;
  /** `any`: whatever comes; `first`: the type of the first argument. */
  readonly takes: ValueType | 'any' | 'first';
  /** How it has to be written: a field, `lists.name`, or a literal pattern or address range. */
  readonly form?: 'input' | 'list' | 'pattern' | 'range';
}

/** What a call looks like and what it means: all that authors, the checker and the catalogue know of a function. */
export interface FunctionSignature {
  readonly name: string;
  /** A method's receiver is its first parameter. */
  readonly form: 'function' | 'method';
  /** One sentence, with what a missing argument does. */
  readonly doc: string;
  readonly example: string;
  readonly parameters: readonly Parameter[];
  readonly returns: ValueType | 'first';
}
