import { listLines } from '../../lists/parse-list-file.js';
import type { RuleSet } from '../rule-set.js';
import type { Change } from './change.js';
import { compareText } from './change.js';
import { someOf } from './words.js';

/** Texts of the files of a rule set, by path. */
export type RuleTexts = ReadonlyMap<string, string>;

interface Side {
  readonly ruleSet: RuleSet;
  readonly files: RuleTexts;
}

const shownEntries = 3;

/** Entries that came and went, of every list. */
export function diffLists(before: Side, after: Side): readonly Change[] {
  const names = [...new Set([...before.ruleSet.lists.keys(), ...after.ruleSet.lists.keys()])].sort(compareText);
  return names.flatMap((name) => diffList(name, before, after));
}

function diffList(name: string, before: Side, after: Side): Change[] {
  const [old, fresh] = [before.ruleSet.lists.get(name), after.ruleSet.lists.get(name)];
  const change = (what: string, text: string, weight: number): Change[] => [
    { thing: 'list', name, what, text, effect: weight === 0 ? 'none' : 'either', weight },
  ];
  if (old === undefined) return change('added', `a list of ${entries(fresh?.size ?? 0)}`, fresh?.size ?? 0);
  if (fresh === undefined) return change('removed', `had ${entries(old.size)}`, old.size);
  const path = `lists/${name}.txt`;
  if (before.files.get(path) === after.files.get(path)) return [];
  const [from, to] = [entriesOf(before.files, path), entriesOf(after.files, path)];
  const come = [...to].filter((entry) => !from.has(entry));
  const gone = [...from].filter((entry) => !to.has(entry));
  const parts = [
    ...(come.length > 0 ? [`${entries(come.length)} more (${someOf(come, shownEntries)})`] : []),
    ...(gone.length > 0 ? [`${entries(gone.length)} fewer (${someOf(gone, shownEntries)})`] : []),
    ...(old.kind === fresh.kind ? [] : [`read as ${fresh.kind} instead of ${old.kind}`]),
    ...(old.source === fresh.source
      ? []
      : [`source ${fresh.source || 'not named'} instead of ${old.source || 'not named'}`]),
    ...(old.date === fresh.date ? [] : [`as of ${fresh.date || 'no date'} instead of ${old.date || 'no date'}`]),
  ];
  return parts.length === 0 ? [] : change('edited', parts.join('; '), come.length + gone.length);
}

const entries = (count: number): string => `${count} ${count === 1 ? 'entry' : 'entries'}`;

const entriesOf = (files: RuleTexts, path: string): ReadonlySet<string> =>
  new Set(listLines(files.get(path) ?? '').map((line) => line.toLowerCase()));
