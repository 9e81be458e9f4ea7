import type { SourceFile, SourceRange } from './source-file.js';

interface NodeBase extends SourceRange {
  readonly file: SourceFile;
  /** Something YAML has and rules have not, which has been reported: what it says is not looked at. */
  readonly isRefused?: boolean;
}

export interface YamlScalar extends NodeBase {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The value as text: what an expression is read from. */
  readonly text: string;
  /** Range in the file of a range in `text`. */
  locate(range: SourceRange): SourceRange;
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

export interface YamlMap extends NodeBase {
  readonly kind: 'map';
  /** Duplicate keys are reported and left out. */
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

export interface YamlList extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

/** YAML with places, and nothing in it but maps, lists and scalars. */
export type YamlNode = YamlScalar | YamlMap | YamlList;

export function describeNode(node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'nothing';
  const shown = node.text.length > 40 ? `${node.text.slice(0, 40)}…` : node.text;
  return typeof node.value === 'string' ? `the text '${shown}'` : `'${shown}'`;
}
