import { type IpAddress, parseIpAddress } from '../model/ip-address.js';
import type { Reading } from '../model/value.js';
import type { CheckedExpression, Node } from './checked-expression.js';
import type { Closure, NodeCompiler } from './functions/function-spec.js';

/**
 * What closures that run together share: one evaluation at a time, and results that are worth keeping during it.
 * Evaluation is synchronous, so a counter tells evaluations apart.
 */
export class CompileUnit implements NodeCompiler {
  private evaluation = 0;
  private readonly kept = new Map<string, Closure>();
  private readonly keptFor = new WeakMap<object, Closure>();
  private readonly whole = new WeakMap<CheckedExpression, Closure>();
  private addressText: string | undefined;
  private address: IpAddress | undefined;

  constructor(private readonly compile: (node: Node, unit: NodeCompiler) => Closure) {}

  /** Forgets what the last evaluation kept. */
  begin(): void {
    this.evaluation += 1;
  }

  closure(node: Node): Closure {
    return this.compile(node, this);
  }

  /** A whole expression, compiled once. */
  closureOf(expression: CheckedExpression): Closure {
    const known = this.whole.get(expression);
    if (known !== undefined) return known;
    const closure = this.closure(expression.ast);
    this.whole.set(expression, closure);
    return closure;
  }

  oncePerEvaluation(key: string | object, make: () => Closure): Closure {
    const known = typeof key === 'string' ? this.kept.get(key) : this.keptFor.get(key);
    if (known !== undefined) return known;
    const closure = this.keep(make());
    if (typeof key === 'string') this.kept.set(key, closure);
    else this.keptFor.set(key, closure);
    return closure;
  }

  parseAddress(text: string): IpAddress | undefined {
    if (text !== this.addressText) {
      this.address = parseIpAddress(text);
      this.addressText = text;
    }
    return this.address;
  }

  private keep(closure: Closure): Closure {
    let at = -1;
    let result: Reading;
    return (slots) => {
      if (at !== this.evaluation) {
        result = closure(slots);
        at = this.evaluation;
      }
      return result;
    };
  }
}
