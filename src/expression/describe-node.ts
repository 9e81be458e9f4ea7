import type { InputInfo } from '../model/expression-scope.js';
import type { CheckedExpression, Leaf, Node } from './checked-expression.js';
import { nodesUnder } from './walk-node.js';

/** What a node reads, looks into and refers to, through predicates too. */
function gather(root: Node) {
  const reads = new Map<string, InputInfo>();
  const lists = new Set<string>();
  const predicates = new Set<string>();
  for (const node of nodesUnder(root)) {
    if (node.kind === 'input') reads.set(node.info.name, node.info);
    if (node.kind === 'in_list') lists.add(node.list.name);
    if (node.kind !== 'predicate') continue;
    predicates.add(node.name);
    for (const input of node.expression.reads) reads.set(input.name, input);
    for (const list of node.expression.lists) lists.add(list);
    for (const name of node.expression.predicates) predicates.add(name);
  }
  return { reads: [...reads.values()], lists: [...lists], predicates: [...predicates] };
}

/** The operands that no `&&`, `||` or `!` stands above, in the order of the text. */
function leafNodes(root: Node): readonly Node[] {
  if (root.kind === 'and' || root.kind === 'or') return root.operands.flatMap(leafNodes);
  if (root.kind === 'not') return leafNodes(root.operand);
  return root.type === 'boolean' ? [root] : [];
}

function leafOf(node: Node, text: string): Leaf {
  const own = text.slice(node.start, node.end);
  const expression = { text: own, ast: node, type: node.type, leaves: [], ...gather(node) };
  return { text: own, start: node.start, end: node.end, expression };
}

/** Everything that others ask of an expression, from its nodes. */
export function describeNode(ast: Node, text: string): CheckedExpression {
  return { text, ast, type: ast.type, leaves: leafNodes(ast).map((node) => leafOf(node, text)), ...gather(ast) };
}
