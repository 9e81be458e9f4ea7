import { ringInputs } from '../model/ring.js';
import { signalCatalogue } from '../signals/catalogue.js';
import type { Located, ProblemSink } from './problem-sink.js';
import type { YamlEntry, YamlNode } from './yaml/yaml-node.js';

const bareName = /^[a-z][a-z0-9_]{0,63}$/;

/** A name that expressions can read. */
export const isBareName = (name: string): boolean => bareName.test(name);

const reserved = new Set([
  'true',
  'false',
  'null',
  'in',
  'has',
  'default',
  'in_list',
  'in_cidr',
  'min',
  'max',
  'log2',
  'lists',
  'and',
  'or',
  'not',
]);

/** Words that CEL keeps for itself: an expression with a name of these would not parse as CEL. */
const reservedByCel = new Set([
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
]);

/** What stands before the dot of a signal: `ip`, `email`, `ring`. */
const groups: ReadonlySet<string> = new Set(
  [...signalCatalogue, ...ringInputs].map(({ name }) => name.slice(0, name.indexOf('.'))),
);

/** Names that expressions read: links are only spoken of. */
const isReadByName = (what: string): boolean => what === 'feature' || what === 'predicate';

/** A feature or predicate of this name can be read by it. */
export const isReadableName = (name: string): boolean =>
  isBareName(name) && !reserved.has(name) && !reservedByCel.has(name) && !groups.has(name);

/** Names declared once, of a form that expressions can read. */
export function namesOnce(entries: readonly YamlEntry[], what: string, sink: ProblemSink): readonly YamlEntry[] {
  const first = new Map<string, Located>();
  return entries.filter(({ key }) => {
    const before = first.get(key.text);
    if (before !== undefined)
      sink.error('E020', key, `${what} '${key.text}' is declared twice; first in ${placeOf(before)}`);
    else if (what !== 'reason code' && !bareName.test(key.text))
      sink.error('E018', key, `'${key.text}' is no name for a ${what}`, {
        hint: 'small letters, digits and underscores: accounts_per_card_90d',
      });
    else if (reserved.has(key.text)) sink.error('E018', key, `'${key.text}' is a word of the language and no name`);
    else if (isReadByName(what) && reservedByCel.has(key.text))
      sink.error('E018', key, `'${key.text}' is a word that CEL keeps for itself and no name for a ${what}`, {
        hint: `say more of it: ${key.text}_seen_24h`,
      });
    else if (isReadByName(what) && groups.has(key.text))
      sink.error('E018', key, `'${key.text}' is a group of signals and no name for a ${what}`, {
        hint: `say what it is of: ${key.text}_seen_24h`,
      });
    if (before === undefined) first.set(key.text, key);
    return before === undefined;
  });
}

/** Ids are compared as written, in rules that are otherwise wrong too. */
export function complainOfRepeatedIds(nodes: readonly YamlNode[], sink: ProblemSink): void {
  const first = new Map<string, Located>();
  for (const node of nodes) {
    const id = node.kind === 'map' ? node.entries.get('id')?.value : undefined;
    if (id?.kind !== 'scalar') continue;
    const before = first.get(id.text);
    if (before === undefined) first.set(id.text, id);
    else sink.error('E020', id, `rule '${id.text}' is declared twice; first in ${placeOf(before)}`, { rule: id.text });
  }
}

export const placeOf = ({ file, start, end }: Located): string => `${file.path}:${file.place({ start, end }).line}`;
