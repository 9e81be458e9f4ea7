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

/** The text is all of it, or is searched for: at its start, at its end, anywhere. */
export type TextPlace = 'whole' | 'start' | 'end' | 'within';

interface ComparedText {
  /** What the text is compared with. */
  readonly with: Node;
  readonly at: Node;
  readonly text: string;
  readonly place: TextPlace;
}

const searches: ReadonlyMap<string, TextPlace> = new Map([
  ['startsWith', 'start'],
  ['endsWith', 'end'],
  ['contains', 'within'],
]);

/** Texts that a comparison, a choice or a search names. */
export function comparedTexts(node: Node): readonly ComparedText[] {
  const pair = (other: Node | undefined, at: Node | undefined, place: TextPlace): readonly ComparedText[] => {
    const text = textOf(at);
    return other === undefined || at === undefined || text === undefined ? [] : [{ with: other, at, text, place }];
  };
  if (node.kind === 'compare')
    return [...pair(node.left, node.right, 'whole'), ...pair(node.right, node.left, 'whole')];
  if (node.kind === 'in_items') return node.items.flatMap((item) => pair(node.operand, item, 'whole'));
  if (node.kind !== 'call') return [];
  const place = searches.get(node.spec.name);
  if (place !== undefined) return pair(node.args[0], node.args[1], place);
  return node.spec.name === 'matches' ? pair(node.args[0], node.args[1], 'within').flatMap(literalsOf) : [];
}

const escaped = /\\([^A-Za-z0-9])/g;
const literal = /^(?:[\p{L}\p{N}_@:/ -]|\\[^A-Za-z0-9])+$/u;
const beginning = /^\^((?:[\p{L}\p{N}_@:/ -]|\\[^A-Za-z0-9])+)([^|]*)$/u;

/** What every text has in it, or begins with, that a pattern finds; nothing where that takes more than a look. */
function literalsOf(one: ComparedText): readonly ComparedText[] {
  const found = (text: string, place: TextPlace): readonly ComparedText[] => [
    { ...one, text: text.replace(escaped, '$1'), place },
  ];
  const isAtEnd = one.text.endsWith('$') && !one.text.endsWith('\\$');
  const [, start, rest = ''] = beginning.exec(one.text) ?? [];
  if (start !== undefined && rest === '$') return found(start, 'whole');
  // What is repeated may be there no time.
  if (start !== undefined) return found(/^[*?{]/.test(rest) ? start.replace(/\\?.$/u, '') : start, 'start');
  const body = isAtEnd ? one.text.slice(0, -1) : one.text;
  return literal.test(body) ? found(body, isAtEnd ? 'end' : 'within') : [];
}
