import type { Reading, Slots, ValueType } from '../../model/value.js';
import type { Node } from '../node.js';

/** A compiled node. Booleans are true, false, or unknown (undefined or why it was unavailable). */
export type Closure = (slots: Slots) => Reading;

/** What a function needs of the compiler. */
export interface NodeCompiler {
  closure(node: Node): Closure;
  /** One closure per key and compiled unit, run at most once per evaluation. */
  oncePerEvaluation(key: string, make: () => Closure): Closure;
}

export interface Parameter {
  readonly name: string;
  /** `any`: whatever comes; `first`: the type of the first argument. */
  readonly takes: ValueType | 'any' | 'first';
  /** How it has to be written: a field, `lists.name`, or a literal pattern or address range. */
  readonly form?: 'input' | 'list' | 'pattern' | 'range';
}

/** One function or method of the language: what the registry, the checker and the catalogue know of it. */
export interface FunctionSpec {
  readonly name: string;
  /** A method's receiver is its first parameter. */
  readonly form: 'function' | 'method';
  /** One sentence, with what a missing argument does. */
  readonly doc: string;
  readonly example: string;
  readonly parameters: readonly Parameter[];
  readonly returns: ValueType | 'first';
  /** `in`: another spelling of that operator. */
  readonly compile: 'in' | ((args: readonly Node[], compiler: NodeCompiler) => Closure);
}
