import type { IpAddress } from '../../model/ip-address.js';
import type { Reading, Slots } from '../../model/value.js';
import type { Node } from '../checked-expression.js';
import type { FunctionSignature } from './function-signature.js';

/** A compiled node. Booleans are true, false, or unknown (undefined or why it was unavailable). */
export type Closure = (slots: Slots) => Reading;

/** What a function needs of the compiler. */
export interface NodeCompiler {
  closure(node: Node): Closure;
  /** One closure per key and compiled unit, run at most once per evaluation. The key may be an object: that very one. */
  oncePerEvaluation(key: string | object, make: () => Closure): Closure;
  /** Undefined when the text is no address. Remembers the last one: every range of an event asks about the same few. */
  parseAddress(text: string): IpAddress | undefined;
}

/** One function or method of the language, and how it runs. */
export interface FunctionSpec extends FunctionSignature {
  /** `in`: another spelling of that operator. */
  readonly compile: 'in' | ((args: readonly Node[], compiler: NodeCompiler) => Closure);
}
