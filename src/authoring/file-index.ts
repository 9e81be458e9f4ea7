import { own } from '../model/own.js';
import { ProblemSink } from '../ruleset/problem-sink.js';
import type { Content, Schema } from '../ruleset/schemas/schema.js';
import { readYaml } from '../ruleset/yaml/read-yaml.js';
import { SourceFile, type SourceRange } from '../ruleset/yaml/source-file.js';
import type { YamlMap, YamlNode, YamlScalar } from '../ruleset/yaml/yaml-node.js';
import { type Mention, mentionsInExpression, mentionsInTitle } from './read-mentions.js';
import { contentOf, schemaOf, schemasAtTop, schemasUnder } from './schema-at.js';

export type DeclarationKind = 'feature' | 'predicate' | 'link' | 'reason' | 'rule';

/** A name that a file declares. */
export interface Declaration extends SourceRange {
  readonly kind: DeclarationKind;
  readonly name: string;
  readonly key: YamlScalar;
  readonly node: YamlNode;
}

/** A mention with its place in the file, and the rule or other thing that it is part of. */
export interface PlacedMention extends Mention {
  readonly file: string;
  readonly within: string | undefined;
}

/** What one file declares and mentions. */
export interface FileIndex {
  readonly file: SourceFile;
  /** As far as it could be read. */
  readonly root: YamlMap | undefined;
  /** YAML as it should be; else names that the file had before are kept. */
  readonly isWhole: boolean;
  readonly declarations: readonly Declaration[];
  readonly mentions: readonly PlacedMention[];
}

export function indexFile(path: string, text: string): FileIndex {
  const file = new SourceFile(path, text);
  const sink = new ProblemSink();
  const root = readYaml(file, sink);
  if (root === undefined) return { file, root, isWhole: false, declarations: [], mentions: [] };
  const declarations = path.startsWith('tests/') ? [] : declarationsIn(root);
  const mentions: PlacedMention[] = [];
  const schema = schemaOf(path);
  walk(root, { schema, found: schemasAtTop(schema), depth: 0, within: undefined, mentions });
  return { file, root, isWhole: sink.errors.length === 0, declarations, mentions };
}

const sections: Readonly<Record<string, DeclarationKind>> = {
  features: 'feature',
  predicates: 'predicate',
  links: 'link',
  reasons: 'reason',
};

function declarationsIn(root: YamlMap): readonly Declaration[] {
  return [...root.entries].flatMap(([section, { value }]): readonly Declaration[] => {
    const kind = own(sections, section);
    if (kind !== undefined && value.kind === 'map')
      return [...value.entries.values()].map(({ key, value: node }) => declared(kind, key, node));
    if (section === 'rules' && value.kind === 'list') return value.items.flatMap(ruleDeclared);
    return [];
  });
}

const declared = (kind: DeclarationKind, key: YamlScalar, node: YamlNode): Declaration => ({
  kind,
  name: key.text,
  key,
  node,
  start: key.start,
  end: Math.max(key.end, node.end),
});

function ruleDeclared(node: YamlNode): readonly Declaration[] {
  const id = node.kind === 'map' ? node.entries.get('id')?.value : undefined;
  if (id?.kind !== 'scalar') return [];
  return [{ ...declared('rule', id, node), start: node.start, end: lastOf(node) }];
}

/** A block map ends at least with its first line; its last part is where it does end. */
function lastOf(node: YamlNode): number {
  if (node.kind === 'scalar') return node.end;
  const inner = node.kind === 'map' ? [...node.entries.values()].map(({ value }) => value) : node.items;
  return Math.max(node.end, ...inner.slice(-1).map(lastOf));
}

interface Walk {
  readonly schema: Schema;
  /** What may stand here. */
  readonly found: readonly Schema[];
  readonly depth: number;
  readonly within: string | undefined;
  readonly mentions: PlacedMention[];
}

function walk(node: YamlNode, reading: Walk): void {
  const { schema, found, depth, within, mentions } = reading;
  const content = contentOf(found);
  const inner = (key: string): readonly Schema[] => schemasUnder(found, key, schema);
  if (node.kind === 'scalar') mentionScalar(node, content, reading);
  else if (node.kind === 'list') {
    const items = inner('[]');
    for (const item of node.items)
      walk(item, { schema, found: items, depth: depth + 1, within: withinOf(item, reading), mentions });
  } else
    for (const { key, value } of node.entries.values()) {
      mentionKey(key, content, reading);
      const owner = depth === 1 ? (within ?? key.text) : within;
      walk(value, { schema, found: inner(key.text), depth: depth + 1, within: owner, mentions });
    }
}

function withinOf(item: YamlNode, { depth, within }: Walk): string | undefined {
  if (depth !== 1 || item.kind !== 'map') return within;
  const id = item.entries.get('id')?.value ?? item.entries.get('name')?.value;
  return id?.kind === 'scalar' ? id.text : within;
}

const scalarKinds: Readonly<Partial<Record<Content, Mention['kind']>>> = {
  signal: 'input',
  reason: 'reason',
  owner: 'owner',
  rule: 'rule',
  link: 'link',
};

function mentionScalar(node: YamlScalar, content: Content | undefined, { within, mentions }: Walk): void {
  const add = (found: readonly Mention[]): void => {
    for (const mention of found) mentions.push({ ...mention, ...node.locate(mention), file: node.file.path, within });
  };
  if (content === 'condition' || content === 'points') add(mentionsInExpression(node.text));
  else if (content === 'title') add(mentionsInTitle(node.text));
  else {
    const kind = content === undefined ? undefined : scalarKinds[content];
    if (kind !== undefined && node.text !== '') add([{ kind, name: node.text, start: 0, end: node.text.length }]);
  }
}

const keyKinds: Readonly<Partial<Record<Content, Mention['kind']>>> = {
  inputs: 'input',
  bursts: 'input',
  lists: 'list',
};

function mentionKey(key: YamlScalar, content: Content | undefined, { within, mentions }: Walk): void {
  const kind = content === undefined ? undefined : keyKinds[content];
  if (kind === undefined) return;
  mentions.push({
    kind,
    name: key.text,
    ...key.locate({ start: 0, end: key.text.length }),
    file: key.file.path,
    within,
  });
}
