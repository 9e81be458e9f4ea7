import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const src = join(root, 'src');

/** What is below is the core. */
const adaptersRank = 4;

/** Lower ranks know nothing of higher ones; places of one rank do not know each other. */
const rankOf: Readonly<Record<string, number>> = {
  model: 0,
  'tool-config': 0,
  config: 1,
  telemetry: 1,
  expression: 1,
  lists: 1,
  signals: 1,
  features: 1,
  rings: 1,
  campaigns: 1,
  audit: 1,
  outbox: 1,
  ruleset: 2,
  decisions: 2,
  cases: 2,
  evaluate: 3,
  fitting: 3,
  accounts: 3,
  verification: 3,
  'ring-decisions': 3,
  gate: 3,
  authoring: 3,
  replay: 3.5,
  sequences: 3.7,
  backtest: 3.7,
  adapters: adaptersRank,
  http: 5,
  workers: 5,
  cli: 5,
  lsp: 5,
  console: 5,
  demo: 5,
  index: 6,
  compose: 6,
};
const entryRank = 7;

const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => relative(src, join(entry.parentPath, entry.name)));

/** A folder, or a file that stands for itself; one that leads into the folder of its name (`compose.ts`) belongs to that. */
const placeOf = (file: string): string => (file.split(sep)[0] ?? file).replace(/\.ts$/, '');
const rank = (file: string): number => rankOf[placeOf(file)] ?? (file.includes(sep) ? Number.NaN : entryRank);

const importPattern = /(?:from|import)\s*\(?\s*'([^']+)'/g;
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

interface Import {
  readonly file: string;
  readonly target: string;
}

const imports: Import[] = files.flatMap((file) =>
  [...withoutComments(readFileSync(join(src, file), 'utf8')).matchAll(importPattern)].map((match) => ({
    file,
    target: match[1] ?? '',
  })),
);

const inner = imports
  .filter(({ target }) => target.startsWith('.'))
  .map(({ file, target }) => ({
    file,
    target: relative(src, join(src, dirname(file), target)).replace(/\.js$/, '.ts'),
  }));

describe('the architecture', () => {
  it('knows a rank for every place under src', () => {
    expect(files.filter((file) => Number.isNaN(rank(file)))).toEqual([]);
  });

  it('lets imports go to lower ranks or the own folder only', () => {
    const upward = inner.filter(
      ({ file, target }) =>
        placeOf(file) !== placeOf(target) && !(rank(target) < rank(file)) && rank(file) !== entryRank,
    );
    expect(upward).toEqual([]);
  });

  it('has no import cycle', () => {
    const edges = new Map<string, string[]>();
    for (const { file, target } of inner) edges.set(file, [...(edges.get(file) ?? []), target]);
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): string[] | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return undefined;
      for (const target of edges.get(file) ?? []) {
        const cycle = visit(target, [...path, file]);
        if (cycle !== undefined) return cycle;
      }
      done.add(file);
      return undefined;
    };
    expect(files.map((file) => visit(file, [])).filter((cycle) => cycle !== undefined)).toEqual([]);
  });

  it('keeps input and output out of the core', () => {
    const outward =
      /^(express|bullmq|ioredis|pg|pino|prom-client|@electric-sql\/|(node:)?(fs|http|https|net|process|child_process|worker_threads|os)(\/|$))/;
    const core = imports.filter(
      ({ file, target }) => rank(file) < adaptersRank && outward.test(target) && placeOf(file) !== 'telemetry',
    );
    expect(core).toEqual([]);
  });

  it('lets time and randomness come into the core as arguments', () => {
    const impure = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\.(env|hrtime)/;
    const found = files.filter(
      (file) =>
        rank(file) < adaptersRank &&
        placeOf(file) !== 'telemetry' &&
        impure.test(withoutComments(readFileSync(join(src, file), 'utf8'))),
    );
    expect(found).toEqual([]);
  });

  it('reads the environment in one place only', () => {
    const reads =
      /process\.env\b|\benvironment(\.[A-Z]|\[)|\}\s*=\s*(process\.env|environment)\b|\(\{[^()]*\}: Environment\b/;
    const readers = files.filter((file) => reads.test(withoutComments(readFileSync(join(src, file), 'utf8'))));
    // The entry hands it in.
    expect(readers).toEqual(['config.ts', 'main.ts', 'tool-config.ts']);
  });

  it('opens a sealed event in one place, which says what one of an older version looks like', () => {
    const found = files.filter(
      (file) =>
        placeOf(file) === 'evaluate' && /\bJSON\.parse\(/.test(withoutComments(readFileSync(join(src, file), 'utf8'))),
    );
    expect(found).toEqual([join('evaluate', 'open-event.ts')]);
  });

  it('never builds code from text', () => {
    const found = files.filter((file) =>
      /\beval\(|\bnew Function\(/.test(withoutComments(readFileSync(join(src, file), 'utf8'))),
    );
    expect(found).toEqual([]);
  });

  it('has every folder of src, with its rank, in the table of docs/architecture.md', () => {
    const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const folders = [...new Set(files.filter((file) => file.includes(sep)).map(placeOf))];
    const isTold = (folder: string): boolean =>
      new RegExp(`^\\| ${rankOf[folder]} \\|[^|]*\`src/${folder}/\``, 'm').test(text);
    expect(folders.filter((folder) => !isTold(folder))).toEqual([]);
  });
});
