import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { loadRulesFolder } from '../adapters/files/open-rules.js';
import { type Formatted, formatRules } from '../authoring/format-rules.js';
import { lineDiff } from '../authoring/line-diff.js';
import type { RuleProblem } from '../ruleset/rule-problem.js';
import { complain, defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { problemsText, rulesDirectory } from './load-rules.js';

const usage = `usage: portcullis rules fmt [DIR | FILE…] [--check] [--diff] [--json]

Writes the YAML files of DIR (RULES_DIR, or rules), or the files that are named, in their usual form: order of keys,
indentation, spaces, short lists and maps on one line. Comments stay, and so does what the rules mean.
  --check  write nothing, and fail when a file is not in that form
  --diff   write nothing, and show what would change
Where a file has errors, they are shown and nothing is written. Exit status: 0, or 1 for errors, and for files that
--check would change.`;

/** A file, as it is and as it should be. */
interface Draft {
  /** As the reader can open it. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** Formatting would have lost something. */
  readonly left: Formatted['left'];
}

/** What was read: drafts, or why there are none. */
interface Reading {
  readonly directory: string;
  readonly files: ReadonlyMap<string, string>;
  readonly drafts: readonly Draft[];
  readonly errors: readonly RuleProblem[];
}

/** `rules fmt` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: { check: { type: 'boolean' }, diff: { type: 'boolean' }, json: { type: 'boolean' } },
  async run(args, environment) {
    const { drafts, ...read } = await readAll(args.positionals, rulesDirectory(undefined, environment));
    const json = args.flag('json');
    if (read.errors.length > 0) {
      if (json) printJson({ ok: false, changed: [], errors: read.errors });
      else complain(`${problemsText({ ...read, warnings: [] })}\nnothing was written`);
      return 1;
    }
    const changed = drafts.filter(({ before, after }) => before !== after);
    const isDry = args.flag('check') || args.flag('diff');
    if (!isDry) await writeAll(changed);
    const isRight = !args.flag('check') || changed.length === 0;
    if (json) printJson({ ok: isRight, changed: changed.map(({ file }) => file), errors: [] });
    else if (args.flag('diff')) print(changed.map(({ file, before, after }) => lineDiff(file, before, after)).join(''));
    else print(summary(drafts, changed, isDry));
    return isRight ? 0 : 1;
  },
});

const reasons = { comment: 'a comment would be lost', text: 'a text would change' } as const;

function summary(drafts: readonly Draft[], changed: readonly Draft[], isDry: boolean): string {
  const count = (files: readonly Draft[]): string => `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  const did = isDry ? 'would change' : 'changed';
  const leaving = drafts.flatMap(({ file, left }) =>
    left === undefined ? [] : [`left ${file} as it is: ${reasons[left]}`],
  );
  return [
    ...leaving,
    ...changed.map(({ file }) => `${did} ${file}`),
    `${count(drafts)}, ${changed.length} ${did}`,
  ].join('\n');
}

async function readAll(named: readonly string[], usual: string): Promise<Reading> {
  const [first = usual, ...others] = named;
  const isFolder = (await statOf(first)).isDirectory();
  if (isFolder && others.length > 0) throw new UsageError('name one folder, or files');
  return isFolder ? readFolder(first) : readNamed([first, ...others]);
}

const statOf = (path: string) =>
  stat(path).catch((failure: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read '${path}': ${failure.code ?? failure.message}`);
  });

/** A whole folder is checked as well: what does not load is not touched. */
async function readFolder(directory: string): Promise<Reading> {
  const { files, errors } = await loadRulesFolder(directory);
  const texts = new Map([...files].filter(([path]) => path.endsWith('.yml')));
  const formatted = draftsOf(texts, (path) => join(directory, path));
  return { directory, files, drafts: formatted.drafts, errors: errors.length > 0 ? errors : formatted.errors };
}

async function readNamed(paths: readonly string[]): Promise<Reading> {
  const texts = await Promise.all(
    paths.map(async (path): Promise<[string, string]> => {
      if (!path.endsWith('.yml')) throw new UsageError(`'${path}' is no rules file: they end in .yml`);
      if ((await statOf(path)).isDirectory()) throw new UsageError('name one folder, or files');
      return [path, await readFile(path, 'utf8')];
    }),
  );
  const files = new Map(texts);
  return { directory: '', files, ...draftsOf(files, (path) => path) };
}

function draftsOf(
  texts: ReadonlyMap<string, string>,
  fileOf: (path: string) => string,
): { drafts: readonly Draft[]; errors: readonly RuleProblem[] } {
  const formatted = [...texts].map(([path, before]) => {
    const { text, errors, left } = formatRules(pathInRules(path), before);
    return {
      draft: { file: fileOf(path), before, after: text, left },
      errors: errors.map((error) => ({ ...error, file: path })),
    };
  });
  return { drafts: formatted.map(({ draft }) => draft), errors: formatted.flatMap(({ errors }) => errors) };
}

/** Sequence tests lie in a folder `tests`, wherever the path begins. */
function pathInRules(path: string): string {
  const parts = relative('.', resolve(path)).split(sep);
  const tests = parts.lastIndexOf('tests');
  return tests >= 0 && path.endsWith('.test.yml') ? parts.slice(tests).join('/') : path;
}

/** Each beside the old one and renamed: a crash leaves whole files. */
async function writeAll(drafts: readonly Draft[]): Promise<void> {
  for (const { file, after } of drafts) {
    const target = await realpath(file);
    const beside = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    try {
      await writeFile(beside, after, { mode: (await stat(target)).mode });
      await rename(beside, target);
    } catch (failure) {
      await rm(beside, { force: true });
      throw new UsageError(`cannot write '${file}': ${failure instanceof Error ? failure.message : String(failure)}`);
    }
  }
}
