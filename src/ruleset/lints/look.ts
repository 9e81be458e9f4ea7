import type { Node } from '../../expression/checked-expression.js';
import type { NamedList } from '../../model/list.js';
import type { RuleWarningCode } from '../problem-codes.js';
import type { Site } from './sites.js';

export interface Finding {
  readonly code: RuleWarningCode;
  readonly at: Node;
  readonly message: string;
  readonly hint?: string | undefined;
}

interface Surroundings {
  readonly lists: ReadonlyMap<string, NamedList>;
  readonly site: Site;
}

/** What is wrong with one part of an expression, without its parts. */
export type Look = (node: Node, around: Surroundings) => Finding | undefined;

export const textOf = (node: Node | undefined): string | undefined =>
  node?.kind === 'literal' && typeof node.value === 'string' ? node.value : undefined;

interface ComparedText {
  /** What the text is compared with. */
  readonly with: Node;
  readonly at: Node;
  readonly text: string;
  /** What it is searched for, not compared as a whole. */
  readonly isPart: boolean;
}

/** Texts that a comparison, a choice or a search names. */
export function comparedTexts(node: Node): readonly ComparedText[] {
  const pair = (other: Node | undefined, at: Node | undefined, isPart: boolean): readonly ComparedText[] => {
    const text = textOf(at);
    return other === undefined || at === undefined || text === undefined ? [] : [{ with: other, at, text, isPart }];
  };
  if (node.kind === 'compare') return [...pair(node.left, node.right, false), ...pair(node.right, node.left, false)];
  if (node.kind === 'in_items') return node.items.flatMap((item) => pair(node.operand, item, false));
  const isMethod = node.kind === 'call' && ['startsWith', 'endsWith', 'contains'].includes(node.spec.name);
  return isMethod ? pair(node.args[0], node.args[1], true) : [];
}
