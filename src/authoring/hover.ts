import type { SourceRange } from '../ruleset/yaml/source-file.js';
import { describe } from './describe.js';
import { mentionAt, placedMeaning } from './find-name.js';
import { placeAt } from './place-scanner.js';
import type { RuleIndex } from './rule-index.js';
import { docOf, examplesOf, schemaOf, schemasAt, valuesOf } from './schema-at.js';

/** What is told of a place, in Markdown. */
interface Hover extends SourceRange {
  readonly markdown: string;
}

/** What the name, the key or the value there means. */
export function hover(path: string, offset: number, index: RuleIndex): Hover | undefined {
  const mention = mentionAt(path, offset, index);
  const meaning = mention === undefined ? undefined : placedMeaning(mention, index);
  if (mention !== undefined && meaning !== undefined)
    return { start: mention.start, end: mention.end, markdown: describe(meaning, index) };
  return hoverKey(path, offset, index);
}

function hoverKey(path: string, offset: number, index: RuleIndex): Hover | undefined {
  const text = index.files.get(path)?.file.text;
  const place = text === undefined ? undefined : placeAt(text, offset);
  if (text === undefined || place === undefined || place.start === place.end) return undefined;
  const name = text
    .slice(place.start, place.end)
    .replace(/^["']|["']$/g, '')
    .trim();
  const found = schemasAt(schemaOf(path), place.role === 'key' ? [...place.path, name] : place.path);
  const doc = docOf(found);
  if (doc === undefined) return undefined;
  const title = place.role === 'key' ? name : place.path.findLast((key) => key !== '[]');
  const values = valuesOf(found);
  const examples = examplesOf(found);
  const more = [
    ...(values.length > 0 && values.length <= 20
      ? [`One of ${values.map((value) => `\`${value}\``).join(', ')}.`]
      : []),
    ...(examples.length > 0 ? [`Such as ${examples.map((example) => `\`${example}\``).join(', ')}.`] : []),
  ];
  return { start: place.start, end: place.end, markdown: [`**${title ?? name}**`, doc, ...more].join('\n\n') };
}
