import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtInLists } from '../../lists/built-in-lists.js';
import { parseListFile } from '../../lists/parse-list-file.js';
import { err, ok, type Result } from '../../model/result.js';
import type { Loaded } from '../../ruleset/load-rule-set.js';
import { didYouMean } from '../../ruleset/yaml/read-fields.js';

const isTable = (name: string): boolean => name === 'asn.csv' || name === 'country.csv' || name.endsWith('.mmdb');
const isList = (name: string): boolean => name.endsWith('.txt');

/**
 * Lists of `--data DIR`, by their path in a rule set; none without DIR. An error, a line each, where one of them is broken, and
 * where DIR has nothing that is looked for: then it is another folder than was meant.
 */
export async function readDataLists(
  data: string | undefined,
): Promise<Result<ReadonlyMap<string, string>, readonly string[]>> {
  const files = new Map<string, string>();
  if (data === undefined) return ok(files);
  const entries = await readdir(data, { withFileTypes: true }).catch(({ code }: NodeJS.ErrnoException) => String(code));
  if (typeof entries === 'string') return err([`cannot read the data folder '${data}': ${entries}`]);
  const names = await namesIn(join(data, 'lists'));
  const lists = names.filter(isList).sort();
  if (lists.length === 0 && !entries.some(({ name }) => isTable(name))) return err([await nothingIn(data, entries)]);
  const problems: string[] = [];
  for (const name of lists) {
    const text = withKind(name, await readFile(join(data, 'lists', name), 'utf8'));
    const parsed = parseListFile(name, text.text);
    if (parsed.ok) files.set(`lists/${name}`, text.text);
    else
      problems.push(
        ...parsed.error.map((one) => `${join(data, 'lists', name)}:${one.line - text.added}: ${one.message}`),
      );
  }
  return problems.length > 0 ? err(problems) : ok(files);
}

const namesIn = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);

async function nothingIn(data: string, entries: readonly Dirent[]): Promise<string> {
  const says = `'${data}' has none of asn.csv, country.csv, *.mmdb and lists/*.txt`;
  const inside = entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'lists')
    .map(({ name }) => join(data, name));
  const holds = await Promise.all(inside.map(hasAny));
  const meant = inside.filter((_, index) => holds[index]).map((folder) => `'${folder}'`);
  return meant.length === 0 ? says : `${says}: did you mean ${meant.sort().slice(0, 3).join(' or ')}?`;
}

const hasAny = async (folder: string): Promise<boolean> =>
  (await namesIn(folder)).some(isTable) || (await namesIn(join(folder, 'lists'))).some(isList);

/** A known list need not say what it holds, an empty one could not. */
function withKind(file: string, text: string): { text: string; added: number } {
  const kind = builtInLists.get(file.replace(/\.txt$/, ''));
  if (kind === undefined || /^\s*#\s*type:/m.test(text)) return { text, added: 0 };
  return { text: `# type: ${kind}\n${text.replace(/^\uFEFF/, '')}`, added: 1 };
}

/** Of the lists of `--data DIR` those that none of the rule sets reads, a sentence each: their names may be misspelt. */
export function unreadLists(
  data: string | undefined,
  lists: ReadonlyMap<string, string>,
  ruleSets: readonly Pick<Loaded, 'warnings' | 'ruleSet'>[],
): string[] {
  const isUnread = (path: string): boolean =>
    ruleSets.every(({ warnings }) => warnings.some(({ code, file }) => code === 'W003' && file === path));
  const named = [...builtInLists.keys(), ...ruleSets.flatMap(({ ruleSet }) => [...(ruleSet?.lists.keys() ?? [])])];
  const unread = [...lists.keys()].filter(isUnread);
  const known = named.filter((name) => !unread.includes(`lists/${name}.txt`));
  return unread.map((path) => {
    const hint = didYouMean(path.slice('lists/'.length, -'.txt'.length), known);
    return `${join(data ?? '', path)}: no rule and no signal reads this list${hint === undefined ? '' : `: ${hint}`}`;
  });
}
