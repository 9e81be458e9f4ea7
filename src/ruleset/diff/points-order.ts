import type { ArithmeticNode, CallNode, CheckedExpression, Node } from '../../expression/checked-expression.js';
import type { Effect } from './change.js';
import { asIs } from './comparison.js';
import { keyOf } from './condition-form.js';
import { type KnownRanges, rangeOf } from './points-range.js';

/** Whether new points are always more, or always fewer, where that can be shown; `ranges` are those of the inputs. */
export function pointsOrder(old: CheckedExpression, fresh: CheckedExpression, ranges: KnownRanges): Effect {
  const order = new Order(ranges);
  // Points that need more inputs can be unknown more often, and then the rule is.
  if (order.atLeast(fresh.ast, old.ast) && readsWithin(fresh, old)) return 'stricter';
  return order.atLeast(old.ast, fresh.ast) && readsWithin(old, fresh) ? 'looser' : 'either';
}

function readsWithin(some: CheckedExpression, all: CheckedExpression): boolean {
  const names = new Set(all.reads.map(({ name }) => name));
  return some.reads.every(({ name }) => names.has(name));
}

const key = (node: Node): string => keyOf(node, { opened: true, rename: asIs });

/** `a >= b` for whatever the inputs are, by what the two expressions have in common. */
class Order {
  constructor(private readonly ranges: KnownRanges) {}

  atLeast(a: Node, b: Node): boolean {
    if (key(a) === key(b) || this.low(a) >= rangeOf(b, this.ranges).high) return true;
    if (a.kind === 'call' && b.kind === 'call') return a.spec.name === b.spec.name && this.calls(a, b);
    return a.kind === 'arithmetic' && b.kind === 'arithmetic' && a.operator === b.operator && this.arithmetic(a, b);
  }

  private low(node: Node): number {
    return rangeOf(node, this.ranges).low;
  }

  private calls(a: CallNode, b: CallNode): boolean {
    const { name } = a.spec;
    if (name !== 'min' && name !== 'max' && name !== 'log2' && name !== 'default') return false;
    if (name === 'log2' && ![...a.args, ...b.args].every((argument) => this.low(argument) > 0)) return false;
    // With another first argument one of the two may fall back while the other does not.
    const [first, other] = [a.args[0], b.args[0]];
    if (name === 'default' && (first === undefined || other === undefined || key(first) !== key(other))) return false;
    return a.args.every((argument, index) => {
      const other = b.args[index];
      return other !== undefined && this.atLeast(argument, other);
    });
  }

  private arithmetic(a: ArithmeticNode, b: ArithmeticNode): boolean {
    const same = { left: key(a.left) === key(b.left), right: key(a.right) === key(b.right) };
    if (a.operator === '+') return this.atLeast(a.left, b.left) && this.atLeast(a.right, b.right);
    if (a.operator === '-') return this.atLeast(a.left, b.left) && this.atLeast(b.right, a.right);
    if (a.operator === '/') return same.right && this.low(a.right) > 0 && this.atLeast(a.left, b.left);
    if (same.right && this.low(a.right) >= 0) return this.atLeast(a.left, b.left);
    return same.left && this.low(a.left) >= 0 && this.atLeast(a.right, b.right);
  }
}
