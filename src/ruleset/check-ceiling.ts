import type { CheckedExpression, CompareNode, Node } from '../expression/checked-expression.js';
import { constantRight } from '../expression/compile-comparison.js';
import { nodesUnder } from '../expression/walk-node.js';
import type { RuleInfo } from '../model/rule.js';
import type { RuleReader } from './rule-reader.js';

/** What a person cannot choose to share with somebody on an allow-list, beside what is an identifier anyway. */
const ownNames = new Set(['account.id', 'api_key.id']);

/** An allow-list beats everything else, so it has to be one: of the family `list`, about somebody in particular. */
export function checkCeiling(
  info: RuleInfo,
  when: CheckedExpression,
  { fields, values, isIdentifier }: RuleReader,
): void {
  const at = values.get('at_most');
  if (info.atMost === undefined || at === undefined) return;
  if (info.atLeast !== undefined)
    fields.error('E036', at, "a rule has 'at_least' or 'at_most', not both", 'make two rules of it');
  const hint =
    "an allow-list names whom it means: family: list, and a condition such as 'email.address in lists.partners'";
  if (info.family !== 'list')
    fields.error('E035', at, `'at_most' is for rules of the family list, and this is one of ${info.family}`, hint);
  else if (!namesSomebody(when.ast, true, (name) => isIdentifier(name) || ownNames.has(name)))
    fields.error(
      'E035',
      at,
      "the condition of a rule with 'at_most' can be true of somebody whom no list and no identifier in it names",
      hint,
    );
}

type IsName = (name: string) => boolean;

/** Can the condition only come out so of somebody whom a list, or an identifier that is written there, names? */
function namesSomebody(node: Node, wanted: boolean, isName: IsName): boolean {
  const names = (part: Node): boolean => namesSomebody(part, wanted, isName);
  switch (node.kind) {
    case 'literal':
      return node.value !== wanted;
    case 'predicate':
      return names(node.expression.ast);
    case 'not':
      return namesSomebody(node.operand, !wanted, isName);
    case 'and':
    case 'or':
      return (node.kind === 'and') === wanted ? node.operands.some(names) : node.operands.every(names);
    case 'compare':
      return node.operator === (wanted ? '==' : '!=') && isOneName(node, isName);
    case 'in_items':
      return wanted && isNamed(node.operand, isName) && node.items.every(({ kind }) => kind === 'literal');
    case 'in_list':
      return wanted && nodesUnder(node.operand).some(({ kind }) => kind === 'input');
    case 'call':
      return node.spec.name === 'default' ? node.args.every(names) : wanted && node.spec.name === 'in_cidr';
    default:
      return false;
  }
}

function isOneName(comparison: CompareNode, isName: IsName): boolean {
  const { left, right } = constantRight(comparison);
  return right.kind === 'literal' && isNamed(left, isName);
}

const isNamed = (node: Node, isName: IsName): boolean => node.kind === 'input' && isName(node.info.name);
