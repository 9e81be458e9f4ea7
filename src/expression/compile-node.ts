import { isKnown, type Reading, type Value } from '../model/value.js';
import type {
  CallNode,
  InItemsNode,
  InListNode,
  LogicNode,
  Node,
  NotNode,
  PredicateNode,
} from './checked-expression.js';
import { compileArithmetic } from './compile-arithmetic.js';
import { compileComparison, opposite } from './compile-comparison.js';
import type { Closure, NodeCompiler } from './functions/function-spec.js';
import { functionsByName, methodsByName } from './functions/registry.js';
import { unknownFrom, unknownOfTwo } from './functions/strict.js';

/** A number that is not finite is unknown; so is a value of another type than declared, which no caller should give. */
function compileInput(node: Node & { kind: 'input' }): Closure {
  const { slot } = node.info;
  if (node.type !== 'number') return (slots) => slots[slot];
  return (slots) => {
    const value = slots[slot];
    return typeof value === 'number' && !Number.isFinite(value) ? undefined : value;
  };
}

/** Kleene: one operand that decides wins over unknowns, whichever comes first. */
function compileLogic(node: LogicNode, compiler: NodeCompiler): Closure {
  const closures = node.operands.map((operand) => compiler.closure(operand));
  const decides = node.kind === 'or';
  const [first, second] = closures;
  if (closures.length === 2 && first !== undefined && second !== undefined) {
    return (slots) => {
      const one = first(slots);
      if (one === decides) return decides;
      const two = second(slots);
      if (two === decides) return decides;
      return typeof one === 'boolean' && typeof two === 'boolean' ? !decides : unknownOfTwo(one, two);
    };
  }
  return (slots) => {
    let unknown: Reading;
    let known = true;
    for (const closure of closures) {
      const result = closure(slots);
      if (result === decides) return decides;
      if (typeof result === 'boolean') continue;
      known = false;
      unknown = unknownOfTwo(unknown, result);
    }
    return known ? !decides : unknown;
  };
}

function compileNot({ operand: of }: NotNode, compiler: NodeCompiler): Closure {
  if (of.kind === 'compare') return compileComparison({ ...of, operator: opposite[of.operator] }, compiler);
  const operand = compiler.closure(of);
  return (slots) => {
    const value = operand(slots);
    return typeof value === 'boolean' ? !value : unknownFrom(value);
  };
}

/** Literal entries are one set; others are compared one by one, and a missing one may leave the answer open. */
function compileInItems(node: InItemsNode, compiler: NodeCompiler): Closure {
  const operand = compiler.closure(node.operand);
  const literals = new Set<Value>(node.items.flatMap((item) => (item.kind === 'literal' ? [item.value] : [])));
  const others = node.items.filter((item) => item.kind !== 'literal').map((item) => compiler.closure(item));
  return (slots) => {
    const value = operand(slots);
    if (!isKnown(value)) return unknownFrom(value);
    if (literals.has(value)) return true;
    let answer: Reading = false;
    for (const other of others) {
      const entry = other(slots);
      if (entry === value) return true;
      if (!isKnown(entry)) answer = answer === false ? entry : unknownOfTwo(answer, entry);
    }
    return answer;
  };
}

function compileInList(node: InListNode, compiler: NodeCompiler): Closure {
  const { list, operand } = node;
  const closure = compiler.closure(operand);
  return (slots) => {
    const value = closure(slots);
    return isKnown(value) ? list.has(value) : unknownFrom(value);
  };
}

/** A predicate that is more than a bare field is evaluated once, however many rules name it. */
function compilePredicate(node: PredicateNode, compiler: NodeCompiler): Closure {
  const { ast } = node.expression;
  if (ast.kind === 'input' || ast.kind === 'literal') return compiler.closure(ast);
  return compiler.oncePerEvaluation(node.expression, () => compiler.closure(ast));
}

function compileCall({ spec, args }: CallNode, compiler: NodeCompiler): Closure {
  const compile = (spec.form === 'method' ? methodsByName : functionsByName).get(spec.name)?.compile;
  if (compile === undefined || compile === 'in') throw new Error(`a checked call of ${spec.name} cannot be compiled`);
  return compile(args, compiler);
}

export function compileNode(node: Node, compiler: NodeCompiler): Closure {
  switch (node.kind) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'input':
      return compileInput(node);
    case 'predicate':
      return compilePredicate(node, compiler);
    case 'not':
      return compileNot(node, compiler);
    case 'negate': {
      const operand = compiler.closure(node.operand);
      return (slots) => {
        const value = operand(slots);
        return typeof value === 'number' ? -value : unknownFrom(value);
      };
    }
    case 'and':
    case 'or':
      return compileLogic(node, compiler);
    case 'compare':
      return compileComparison(node, compiler);
    case 'arithmetic':
      return compileArithmetic(node, compiler);
    case 'in_items':
      return compileInItems(node, compiler);
    case 'in_list':
      return compileInList(node, compiler);
    case 'call':
      return compileCall(node, compiler);
  }
}
