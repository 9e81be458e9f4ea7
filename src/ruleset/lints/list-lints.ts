import { nearest } from '../../expression/suggest.js';
import { builtInLists } from '../../lists/built-in-lists.js';
import type { ProblemSink } from '../problem-sink.js';
import { SourceFile } from '../yaml/source-file.js';
import type { Lint } from './lint.js';

const headOf = (path: string, text: string) => ({ file: new SourceFile(path, text.slice(0, 200)), start: 0, end: 1 });

const unreadList: Lint = ({ ruleSet, links, listFiles }, sink) => {
  const read = new Set([
    ...links.flatMap(({ when }) => when?.lists ?? []),
    ...ruleSet.declarations.flatMap(({ when, points, exceptions }) =>
      [when, points, ...exceptions.map((exception) => exception.when)].flatMap(({ lists }) => lists),
    ),
  ]);
  for (const [path, text] of listFiles) {
    const name = path.slice('lists/'.length, -'.txt'.length);
    if (!read.has(name) && !builtInLists.has(name))
      sink.warn('W003', headOf(path, text), `no rule reads 'lists.${name}'`);
  }
};

const withoutProvenance: Lint = ({ ruleSet, listFiles }, sink) => {
  for (const { name, source, date } of ruleSet.lists.values()) {
    const path = `lists/${name}.txt`;
    const text = listFiles.get(path) ?? '';
    const missing = [source === '' ? 'source' : '', date === '' ? 'date' : ''].filter((key) => key !== '');
    const left = missing.filter((key) => !isMisspelt(key, { path, text }, sink));
    if (left.length > 0)
      sink.warn('W015', headOf(path, text), `the list has no ${left.map((key) => `# ${key}:`).join(' and no ')} line`);
    if (date !== '' && !isDay(date)) wrongDate({ path, text: listFiles.get(path) ?? '', date }, sink);
  }
};

const headerWord = /^#[ \t]*([A-Za-z]+)[ \t]*:/gm;

/** A line of the header whose word is nearly the one that is missing; reports it. */
function isMisspelt(
  key: string,
  { path, text }: Readonly<Record<'path' | 'text', string>>,
  sink: ProblemSink,
): boolean {
  const [header = ''] = /^(?:#[^\n]*\n|[ \t\r]*\n)*/.exec(text) ?? [];
  const found = [...header.matchAll(headerWord)].find(
    ([, word = '']) => word !== key && nearest(word, [key]).length > 0,
  );
  const word = found?.[1];
  if (found === undefined || word === undefined) return false;
  const start = found.index + found[0].indexOf(word);
  const at = { file: new SourceFile(path, header), start, end: start + word.length };
  sink.warn('W015', at, `the list has no # ${key}: line`, { hint: `did you mean '${key}'?` });
  return true;
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(`${text.slice(0, 10)}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text.slice(0, 10));
}

function wrongDate({ path, text, date }: Readonly<Record<'path' | 'text' | 'date', string>>, sink: ProblemSink): void {
  const start = Math.max(0, text.indexOf(date, text.indexOf('date:')));
  const file = new SourceFile(path, text.slice(0, start + date.length + 1));
  sink.warn('W015', { file, start, end: start + date.length }, `'${date}' is no date`, {
    hint: 'year-month-day: 2026-11-01',
  });
}

export const listLints: readonly Lint[] = [unreadList, withoutProvenance];
