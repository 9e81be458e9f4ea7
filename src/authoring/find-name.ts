import type { Content } from '../ruleset/schemas/schema.js';
import type { SourceRange } from '../ruleset/yaml/source-file.js';
import type { PlacedMention } from './file-index.js';
import { placeAt } from './place-scanner.js';
import type { Mention } from './read-mentions.js';
import { type Meaning, resolveName } from './resolve-name.js';
import type { PlacedDeclaration, RuleIndex } from './rule-index.js';
import { contentOf, schemaOf, schemasAt } from './schema-at.js';

/** A range in a file of the folder. */
export interface FilePlace extends SourceRange {
  readonly path: string;
}

/** The name at an offset: one that is mentioned, or one that is declared there. */
interface NamedPlace extends SourceRange {
  readonly mention: PlacedMention | undefined;
  readonly declared: PlacedDeclaration | undefined;
}

const holds = ({ start, end }: SourceRange, offset: number): boolean => start <= offset && offset <= end;

export function mentionAt(path: string, offset: number, index: RuleIndex): NamedPlace | undefined {
  const file = index.files.get(path);
  const declaration = file?.declarations.find(({ key }) => key.file === file.file && holds(key, offset));
  if (declaration !== undefined) {
    const { start, end } = declaration.key;
    return { start, end, mention: undefined, declared: { ...declaration, path } };
  }
  const mention = file?.mentions.find((one) => holds(one, offset)) ?? wordAt(path, offset, index);
  return mention === undefined ? undefined : { start: mention.start, end: mention.end, mention, declared: undefined };
}

/** Where the YAML cannot be read, the word under the cursor in a place where names stand. */
function wordAt(path: string, offset: number, index: RuleIndex): PlacedMention | undefined {
  const file = index.files.get(path);
  if (file === undefined || file.isWhole) return undefined;
  const { text } = file.file;
  const place = placeAt(text, offset);
  const content = place === undefined ? undefined : contentOf(schemasAt(schemaOf(path), place.path));
  const kind = content === undefined ? undefined : wordKinds[content];
  if (kind === undefined) return undefined;
  const start = offset - (/[A-Za-z0-9_.-]*$/.exec(text.slice(0, offset))?.[0].length ?? 0);
  const word = /^[A-Za-z0-9_.-]*/.exec(text.slice(start))?.[0] ?? '';
  const name = kind === 'input' ? word.replace(/-.*$/, '') : word;
  const at = { start, end: start + name.length, file: path, within: undefined };
  if (name.startsWith('lists.')) return { kind: 'list', name: name.slice('lists.'.length), ...at };
  const isCall = kind === 'input' && /^\s*\(/.test(text.slice(at.end));
  return isCall ? { kind: 'function', name, ...at } : { kind, name, ...at };
}

const wordKinds: Readonly<Record<Content, Mention['kind']>> = {
  condition: 'input',
  points: 'input',
  title: 'input',
  signal: 'input',
  inputs: 'input',
  bursts: 'input',
  lists: 'list',
  reason: 'reason',
  owner: 'owner',
  rule: 'rule',
  link: 'link',
};

export function placedMeaning({ mention, declared }: NamedPlace, index: RuleIndex): Meaning | undefined {
  if (mention !== undefined) return resolveName(mention, index);
  if (declared === undefined) return undefined;
  if (declared.kind === 'feature') return { kind: 'feature', declared, member: undefined };
  return { kind: declared.kind, declared };
}

/** Where the name at an offset is declared. */
export function findDefinition(path: string, offset: number, index: RuleIndex): FilePlace | undefined {
  const named = mentionAt(path, offset, index);
  const meaning = named === undefined ? undefined : placedMeaning(named, index);
  if (meaning === undefined) return undefined;
  if (meaning.kind === 'list') return { path: meaning.list.path, start: 0, end: 0 };
  if (!('declared' in meaning)) return undefined;
  const { declared } = meaning;
  return { path: declared.path, start: declared.key.start, end: declared.key.end };
}

/** Every place that mentions what the name at an offset means. */
export function findReferences(path: string, offset: number, index: RuleIndex): readonly FilePlace[] {
  const named = mentionAt(path, offset, index);
  const meaning = named === undefined ? undefined : placedMeaning(named, index);
  if (meaning === undefined) return [];
  const wanted = identity(meaning);
  const found: FilePlace[] = [];
  for (const mention of index.mentions()) {
    const other = resolveName(mention, index);
    if (other !== undefined && identity(other) === wanted)
      found.push({ path: mention.file, start: mention.start, end: mention.end });
  }
  return found;
}

/** The same text for the same thing; all members of a burst are one. */
function identity(meaning: Meaning): string {
  if (meaning.kind === 'signal') return `signal ${meaning.signal.name}`;
  if (meaning.kind === 'ring') return `ring ${meaning.name}`;
  if (meaning.kind === 'list') return `list ${meaning.list.name}`;
  if (meaning.kind === 'function') return `function ${meaning.signature.form} ${meaning.signature.name}`;
  return `${meaning.kind} ${meaning.declared.name}`;
}
