import { builtInLists } from '../../lists/built-in-lists.js';
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
    const missing = [source === '' ? '# source:' : '', date === '' ? '# date:' : ''].filter((line) => line !== '');
    const path = `lists/${name}.txt`;
    if (missing.length > 0)
      sink.warn('W015', headOf(path, listFiles.get(path) ?? ''), `the list has no ${missing.join(' and no ')} line`);
  }
};

export const listLints: readonly Lint[] = [unreadList, withoutProvenance];
