import type { CheckedExpression, Node } from '../expression/checked-expression.js';
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
  else if (!namesSomebody(when, (name) => isIdentifier(name) || ownNames.has(name)))
    fields.error(
      'E035',
      at,
      "the condition of a rule with 'at_most' looks into no list and compares no identifier",
      hint,
    );
}

function namesSomebody({ ast, lists }: CheckedExpression, names: (name: string) => boolean): boolean {
  if (lists.length > 0) return true;
  return nodesUnder(ast).some((node) => {
    if (node.kind === 'predicate') return namesSomebody(node.expression, names);
    if (node.kind === 'compare') return node.operator === '==' && [node.left, node.right].some(isNamed(names));
    if (node.kind === 'in_items') return isNamed(names)(node.operand);
    return node.kind === 'call' && node.spec.name === 'in_cidr';
  });
}

const isNamed = (names: (name: string) => boolean) => (node: Node) => node.kind === 'input' && names(node.info.name);
