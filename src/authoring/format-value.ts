import type { Content, Schema } from '../ruleset/schemas/schema.js';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from '../ruleset/yaml/yaml-node.js';
import { formatExpression } from './format-expression.js';
import { contentOf, keysOf, schemasAtTop, schemasUnder } from './schema-at.js';

/** A node, and what the schema says of its place. */
export interface Typed {
  readonly node: YamlNode;
  readonly found: readonly Schema[];
  readonly root: Schema;
}

export const widest = 120;

const sourceOf = ({ file, start, end }: YamlNode): string => file.text.slice(start, end);
const firstCharacter = ({ file, start }: YamlNode): string => file.text.charAt(start);

export const isFlow = (node: YamlNode): boolean => node.kind !== 'scalar' && '{['.includes(firstCharacter(node));
export const isBlock = (node: YamlNode): boolean => node.kind !== 'scalar' && !isFlow(node);
export const isNothing = (node: YamlNode): boolean => node.kind === 'scalar' && node.start === node.end;

export const under = ({ found, root }: Typed, node: YamlNode, key: string): Typed => ({
  node,
  found: schemasUnder(found, key, root),
  root,
});

const isExpression = (content: Content | undefined): boolean => content === 'condition' || content === 'points';

/** As it is written, but for the spaces of an expression. */
export function formatScalar({ node, found }: Typed & { readonly node: YamlScalar }): string {
  const source = sourceOf(node).trimEnd();
  if (!isExpression(contentOf(found)) || source.includes('\n')) return source;
  const formatted = formatExpression(node.text);
  if (formatted === undefined || formatted === node.text) return source;
  if (source.startsWith("'")) return `'${formatted.replaceAll("'", "''")}'`;
  if (source.startsWith('"')) return source.includes('\\') ? source : `"${formatted}"`;
  return formatted;
}

/** Maps whose keys have an order of their own have one of these; those that are made of names keep theirs. */
const ordered: ReadonlySet<string> = new Set(['id', 'by', 'when', 'share', 'expect', 'public']);

/** Sequence tests are told in the author's order and lines. */
export const isStory = (root: Schema): boolean => !keysOf(schemasAtTop(root)).has('rules');

/** In the order of the schema, where the map is of a known kind. */
export function inOrder(map: YamlMap, { found, root }: Pick<Typed, 'found' | 'root'>): readonly YamlEntry[] {
  const entries = [...map.entries.values()];
  const order = [...keysOf(found).keys()];
  if (isStory(root) || contentOf(found) !== undefined || !order.some((key) => ordered.has(key))) return entries;
  const rank = ({ key }: YamlEntry): number => (order.includes(key.text) ? order.indexOf(key.text) : order.length);
  return entries.toSorted((a, b) => rank(a) - rank(b));
}

/** `{ a: 1, b: [x, y] }` on one line; undefined where that cannot be: comments, line breaks in a text, no flow form. */
export function formatFlow(typed: Typed): string | undefined {
  const { node } = typed;
  if (node.kind === 'scalar') return flowScalar({ ...typed, node });
  const parts =
    node.kind === 'list' ? node.items.map((item) => formatFlow(under(typed, item, '[]'))) : flowEntries(typed, node);
  if (parts.some((part) => part === undefined)) return undefined;
  const [open, close] = node.kind === 'list' ? ['[', ']'] : ['{ ', ' }'];
  return parts.length === 0 ? `${open}${close}`.replaceAll(' ', '') : `${open}${parts.join(', ')}${close}`;
}

const flowEntries = (typed: Typed, map: YamlMap): readonly (string | undefined)[] =>
  inOrder(map, typed).map(({ key, value }) => {
    const inner = isNothing(value) ? undefined : formatFlow(under(typed, value, key.text));
    return inner === undefined ? undefined : `${sourceOf(key)}: ${inner}`;
  });

/** In a block, plain text may hold what ends it in a flow collection. */
function flowScalar(typed: Typed & { readonly node: YamlScalar }): string | undefined {
  const text = formatScalar(typed);
  const isQuoted = /^["']/.test(text);
  return text === '' || text.includes('\n') || /^[|>]/.test(text) || (!isQuoted && /[,[\]{}]/.test(text))
    ? undefined
    : text;
}
