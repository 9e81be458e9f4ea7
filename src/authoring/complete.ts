import type { Content, Schema } from '../ruleset/schemas/schema.js';
import { completeExpression } from './complete-expression.js';
import { inputNames, signalNames } from './complete-names.js';
import type { Completion, Completions } from './completion.js';
import { describe, field } from './describe.js';
import { placeAt } from './place-scanner.js';
import { signalsByName } from './resolve-name.js';
import type { RuleIndex } from './rule-index.js';
import { type RulePlace, textBefore } from './rule-place.js';
import {
  contentOf,
  docOf,
  examplesOf,
  keysOf,
  schemaOf,
  schemasAt,
  snippetsOf,
  typesOf,
  valuesOf,
} from './schema-at.js';

/** A file as it is being written, and where. */
interface Cursor {
  /** Relative to the rules folder. */
  readonly path: string;
  readonly text: string;
  readonly offset: number;
}

const nothing = (offset: number): Completions => ({ start: offset, end: offset, items: [] });

/** What may be written at the cursor, whatever state the file is in. */
export function complete({ path, text, offset }: Cursor, index: RuleIndex): Completions {
  const place = placeAt(text, offset);
  if (place === undefined) return nothing(offset);
  const found = schemasAt(schemaOf(path), place.path);
  const context: Context = { text, offset, place, found, index };
  if (place.role === 'key') return completeKey(context);
  const content = contentOf(found);
  if (content === 'condition' || content === 'points') return inExpression(context);
  if (content === 'title') return inTitle(context);
  const isMap = typesOf(found).includes('object') && place.style !== 'double' && place.style !== 'single';
  return isMap ? completeMap(content, context) : completeValue(content, context);
}

interface Context {
  readonly text: string;
  readonly offset: number;
  readonly place: RulePlace;
  readonly found: readonly Schema[];
  readonly index: RuleIndex;
}

function inExpression({ text, offset, place, index }: Context): Completions {
  const before = place.style === 'none' ? '' : textBefore(text, place, offset);
  const quote = place.style === 'double' ? "'" : '"';
  const { length, items } = completeExpression({ before, quote }, index);
  const rest = /^[A-Za-z0-9_]*/.exec(text.slice(offset))?.[0].length ?? 0;
  return { start: offset - length, end: offset + (length > 0 ? rest : 0), items };
}

/** Identifiers are never shown, so none is offered. */
function inTitle({ text, offset, place, index }: Context): Completions {
  const open = /\{([A-Za-z0-9_.]*)$/.exec(text.slice(place.start, offset));
  if (open === null) return nothing(offset);
  const rest = /^[A-Za-z0-9_.]*(\}?)/.exec(text.slice(offset));
  const items = inputNames(index)
    .filter(({ label }) => signalsByName.get(label)?.identifier !== true)
    .map((item) => ({ ...item, insert: rest?.[1] === '}' ? item.label : `${item.label}}` }));
  const end = offset + (rest?.[0].length ?? 0) - (rest?.[1]?.length ?? 0);
  return { start: offset - (open[1] ?? '').length, end, items };
}

/** The word under the cursor, of which a key or a value is made. */
function wordAround(text: string, offset: number): { start: number; end: number } {
  const before = /[A-Za-z0-9_.-]*$/.exec(text.slice(0, offset))?.[0].length ?? 0;
  const after = /^[A-Za-z0-9_.-]*/.exec(text.slice(offset))?.[0].length ?? 0;
  return { start: offset - before, end: offset + after };
}

function completeKey({ text, place, offset, found, index }: Context): Completions {
  const range = wordAround(text, offset);
  const hasColon = /^\s*:/.test(text.slice(range.end));
  const taken = new Set(place.siblings);
  const named = namesFor(contentOf(found), index);
  const known = [...keysOf(found)].map(
    ([label, schema]): Completion => ({ label, kind: 'key', doc: docOf([schema]), detail: detailOf(schema) }),
  );
  const labels = new Set(named.map(({ label }) => label));
  const items = [...named, ...known.filter(({ label }) => !labels.has(label))]
    .filter(({ label }) => !taken.has(label))
    .map((item) => (hasColon ? item : { ...item, insert: `${item.label}: ` }));
  return { ...range, items };
}

function detailOf(schema: Schema): string | undefined {
  const values = valuesOf([schema]);
  return values.length > 0 && values.length <= 8 ? values.join(' | ') : examplesOf([schema])[0];
}

/** Where a map may stand: values that stand there as well, its keys, and whole ones to fill in. */
function completeMap(content: Content | undefined, context: Context): Completions {
  const { text, place, found } = context;
  const values = content === undefined ? completeValue(content, context).items : [];
  const keys = completeKey(context);
  const isOnLine = /:[ \t]*$/.test(text.slice(0, place.start));
  const inBraces = (item: Completion): Completion => ({
    ...item,
    insert: `{ ${item.label}: \${1:} }`,
    isSnippet: true,
  });
  const snippets = snippetsOf(found).map(
    ({ label, description, bodyText }): Completion => ({
      label: `${label} …`,
      kind: 'snippet',
      doc: description,
      insert: bodyText,
      isSnippet: true,
    }),
  );
  return { ...keys, items: [...values, ...(isOnLine ? keys.items.map(inBraces) : keys.items), ...snippets] };
}

/** Keys that are names of something. */
function namesFor(content: Content | undefined, index: RuleIndex): readonly Completion[] {
  if (content === 'inputs') return inputNames(index);
  if (content === 'lists') return [...index.lists.keys()].map((label) => ({ label, kind: 'list' }));
  if (content !== 'bursts') return [];
  return inputNames(index).flatMap((item) =>
    item.label.endsWith('.z') ? [{ ...item, label: item.label.slice(0, -2) }] : [],
  );
}

function completeValue(content: Content | undefined, { text, offset, place, found, index }: Context): Completions {
  const range = wordAround(text, offset);
  const named = valuesFor(content, index);
  if (named.length > 0) return { ...range, items: named };
  const input = signalsByName.get(place.path.at(-1) ?? '');
  const values = [...(input?.type === 'boolean' ? ['true', 'false'] : []), ...valuesOf(found), ...examplesOf(found)];
  return { ...range, items: [...new Set(values)].map((label) => ({ label, kind: 'value', doc: docOf(found) })) };
}

/** What is told beside the name of each. */
const shownField = { reason: 'title', rule: 'mode', link: 'strength' } as const;

const declaredNames = (kind: keyof typeof shownField, index: RuleIndex): readonly Completion[] =>
  [...index.named(kind).values()].map((declared) => ({
    label: declared.name,
    kind: 'value',
    detail: field(declared, shownField[kind]),
    doc: () => describe({ kind, declared }, index),
  }));

function valuesFor(content: Content | undefined, index: RuleIndex): readonly Completion[] {
  if (content === 'signal') return signalNames();
  if (content === 'reason' || content === 'rule' || content === 'link') return declaredNames(content, index);
  return content === 'owner' ? owners(index).map((label) => ({ label, kind: 'value' })) : [];
}

function owners(index: RuleIndex): readonly string[] {
  const found = new Set<string>();
  for (const { kind, name } of index.mentions()) if (kind === 'owner') found.add(name);
  return [...found].sort();
}
