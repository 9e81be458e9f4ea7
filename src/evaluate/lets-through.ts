import type { Node } from '../expression/checked-expression.js';
import { childrenOf } from '../expression/walk-node.js';
import type { RuleDeclaration } from '../ruleset/rule-declaration.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { sideOf } from './rule-side.js';

/** How a condition reads a list: it holds for more people the longer the list is, or for fewer. */
interface Readings {
  readonly holdsForMore: boolean;
  readonly holdsForFewer: boolean;
}

const none: Readings = { holdsForMore: false, holdsForFewer: false };

/**
 * Whether an entry more can let somebody through by this rule: an exception reads the list; or the rule speaks for people and
 * holds for more of them; or it speaks against them and holds for fewer.
 */
export function letsThroughBy(rule: RuleDeclaration, list: string, ruleSet: Pick<RuleSet, 'features'>): boolean {
  if (rule.exceptions.some(({ when }) => when.lists.includes(list)) || rule.points.lists.includes(list)) return true;
  if (!rule.when.lists.includes(list)) return false;
  if (rule.info.atMost !== undefined) return true;
  const { holdsForMore, holdsForFewer } = readingsOf(rule.when.ast, list);
  const side = sideOf(rule, ruleSet);
  return (holdsForMore && side !== 'against') || (holdsForFewer && side !== 'for');
}

function readingsOf(node: Node, list: string): Readings {
  switch (node.kind) {
    case 'in_list':
      return { holdsForMore: node.list.name === list, holdsForFewer: false };
    case 'predicate':
      return readingsOf(node.expression.ast, list);
    case 'not': {
      const { holdsForMore, holdsForFewer } = readingsOf(node.operand, list);
      return { holdsForMore: holdsForFewer, holdsForFewer: holdsForMore };
    }
    case 'and':
    case 'or':
      return together(node.operands.map((one) => readingsOf(one, list)));
    default:
      // Compared, counted or handed on: it can mean either.
      return eitherWay(together(childrenOf(node).map((one) => readingsOf(one, list))));
  }
}

const together = (all: readonly Readings[]): Readings => ({
  holdsForMore: all.some(({ holdsForMore }) => holdsForMore),
  holdsForFewer: all.some(({ holdsForFewer }) => holdsForFewer),
});

const eitherWay = ({ holdsForMore, holdsForFewer }: Readings): Readings =>
  holdsForMore || holdsForFewer ? { holdsForMore: true, holdsForFewer: true } : none;
