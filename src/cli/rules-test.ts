import { writeFile } from 'node:fs/promises';
import { type Coverage, CoverageTally, type RuleCoverage } from '../ruleset/coverage-tally.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { runInlineTests, type TestReport } from '../ruleset/run-inline-tests.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import { type JUnitCase, junitXml } from '../sequences/junit.js';
import { readTestFiles } from '../sequences/read-test-files.js';
import type { SequenceReport } from '../sequences/run-sequence.js';
import {
  BrokenFiles,
  defineCommand,
  type Environment,
  type ParsedArguments,
  print,
  printJson,
  showFailure,
  UsageError,
} from './command-arguments.js';
import { brokenRules, givenFolder, type LoadedDirectory, loadDirectory } from './load-rules.js';
import { readSelection, type Selection, selectionOptions } from './rules-test-selection.js';
import { coverageText, failureText } from './rules-test-text.js';
import type { SequencesInput, TimedRun } from './run-sequences.js';
import { spareInputs } from './spare-inputs.js';

const usage = `usage: portcullis rules test [DIR | --rules DIR] [--coverage] [--min PERCENT] [--json] [--junit FILE] [--record [--write]] [--watch]

Runs the tests that rule authors wrote: those that stand in the rules of DIR (RULES_DIR, or rules), and the sequences of
events in DIR/tests/*.test.yml, each in a world of its own on a virtual clock.
  --coverage    how many tests of each rule fire, stay quiet or are unknown, and which leaves no test turns on
  --min N       fail when fewer than N percent of all leaves are decisive in some test
  --rule ID     only tests of this rule, or that name it, and the coverage of it alone
  --file PATH   only tests of files whose path ends so
  --name TEXT   only tests whose name holds this
  --junit FILE  write a JUnit report; - is standard output, instead of the usual one
  --record      show what came of sequences that fail or expect nothing, as a diff of their 'expect:'
  --write       with --record: change the files
  --watch       run them again whenever a file of DIR changes, until Ctrl-C
  --json        for programs
Exit status: 0 when all pass (or all is recorded), else 1.`;

export { leafText } from './rules-test-text.js';

/** `rules test` */
export const run = defineCommand({
  usage,
  takes: 1,
  options: {
    rules: { type: 'string' },
    coverage: { type: 'boolean' },
    min: { type: 'string' },
    json: { type: 'boolean' },
    junit: { type: 'string' },
    record: { type: 'boolean' },
    write: { type: 'boolean' },
    watch: { type: 'boolean' },
    ...selectionOptions,
  },
  async run(args, environment) {
    if (args.flag('write') && !args.flag('record')) throw new UsageError('--write goes with --record');
    if (args.flag('watch') && args.flag('record')) throw new UsageError('--watch and --record do not go together');
    const once = onceWith(args, environment);
    if (!args.flag('watch')) return once();
    const { watchTests } = await import('./rules-test-watch.js');
    // Whoever writes rules gets them wrong for moments: that ends no watch.
    const onceMore = () =>
      once().catch((failure: unknown) => {
        if (!(failure instanceof BrokenFiles)) throw failure;
        showFailure(failure, { json: args.flag('json') });
        return 1;
      });
    return watchTests(givenFolder(args, environment), onceMore);
  },
});

/** One run of all tests that are meant; the answer is the exit status. IP data is opened by the first that needs it. */
function onceWith(args: ParsedArguments, environment: Environment): () => Promise<number> {
  const least = percent(args.text('min'));
  const junit = args.text('junit');
  if (junit !== '-') spareInputs({ reads: [givenFolder(args, environment)], writes: junit });
  const openData = openOnce(environment);
  return async () => {
    const loaded = await loadDirectory(givenFolder(args, environment));
    const how = { selection: readSelection(args), toTheEnd: args.flag('record'), openData };
    const result = await runTests(loaded, how);
    if (result === undefined) return 1;
    if (args.flag('record')) {
      const { recordRuns } = await import('./rules-test-record.js');
      await recordRuns({ runs: result.sequences, directory: loaded.directory, write: args.flag('write') });
      return 0;
    }
    if (junit !== undefined) await writeJUnit(junit, result);
    if (junit !== '-') show(result, { json: args.flag('json'), coverage: args.flag('coverage') });
    return result.failed > 0 || coveredPercent(Object.values(result.coverage)) < least ? 1 : 0;
  };
}

type OpenedData = SequencesInput['data'] | undefined;

function openOnce(environment: Environment): () => Promise<OpenedData> {
  let opened: Promise<OpenedData> | undefined;
  const open = async (): Promise<OpenedData> => (await import('./run-sequences.js')).openTestData(environment);
  return () => (opened ??= open());
}

interface Result {
  readonly tests: readonly (TestReport | SequenceReport)[];
  readonly sequences: readonly TimedRun[];
  readonly passed: number;
  readonly failed: number;
  readonly coverage: Readonly<Record<string, RuleCoverage>>;
  readonly uncovered: Readonly<Record<string, readonly string[]>>;
}

interface How {
  readonly selection: Selection;
  readonly toTheEnd: boolean;
  readonly openData: () => Promise<OpenedData>;
}

/** Throws where the files have errors; undefined where the IP data cannot be opened, which is told. */
async function runTests(loaded: LoadedDirectory, { selection, toTheEnd, openData }: How) {
  const { files, ruleSet } = loaded;
  const read = readTestFiles(files, ruleSet);
  const errors = [...loaded.errors, ...read.errors];
  if (ruleSet === undefined || errors.length > 0) {
    const what = ruleSet === undefined ? 'rules' : 'tests';
    throw brokenRules({ ...loaded, errors, warnings: [] }, what);
  }
  if (selection.rule !== undefined) needRule(selection.rule, ruleSet);
  const now = Date.now();
  const tally = new CoverageTally();
  const inline = runInlineTests({ ruleSet, now, tally, chosen: (test, of) => selection.inline(test, of) });
  const chosen = read.tests.filter((test) => selection.sequence(test));
  if (selection.isByName && inline.length + chosen.length === 0)
    throw new UsageError('there is no such test: --file and --name (and --rule) leave none');
  const sequences = await runChosen(chosen, { files, ruleSet, now, tally, toTheEnd }, openData);
  return sequences === undefined ? undefined : resultOf(inline, sequences, tally.report(selection.rule));
}

function needRule(id: string, { rules }: RuleSet): void {
  const ids = rules.map((rule) => rule.id);
  if (ids.includes(id)) return;
  const hint = didYouMean(id, ids);
  throw new UsageError(`there is no rule '${id}'${hint === undefined ? '' : `; ${hint}`}`);
}

/** The IP data is opened only for those who have such tests: that takes longer than all the rest. */
async function runChosen(
  chosen: ReturnType<typeof readTestFiles>['tests'],
  input: Omit<SequencesInput, 'data'>,
  openData: How['openData'],
): Promise<readonly TimedRun[] | undefined> {
  if (chosen.length === 0) return [];
  const { runSequences } = await import('./run-sequences.js');
  const data = await openData();
  return data === undefined ? undefined : runSequences(chosen, { ...input, data });
}

function resultOf(inline: readonly TestReport[], sequences: readonly TimedRun[], coverage: Coverage): Result {
  const tests = [...inline, ...sequences.map(({ report }) => report)];
  const failed = tests.filter(({ ok }) => !ok).length;
  return { tests, sequences, passed: tests.length - failed, failed, ...coverage };
}

function show(
  { tests, sequences, passed, failed, coverage, uncovered }: Result,
  how: { json: boolean; coverage: boolean },
): void {
  if (how.json) {
    printJson({ passed, failed, tests, coverage });
    return;
  }
  const covered = coveredPercent(Object.values(coverage));
  const lines = [
    ...tests.filter(({ ok }) => !ok).map(failureText),
    ...(how.coverage ? coverageText({ coverage, uncovered }) : []),
    ...openText(sequences),
    `${passed} passed, ${failed} failed; ${covered.toFixed(0)} % of leaves are decisive in a test`,
  ];
  print(lines.join('\n'));
}

/** A test that expects nothing passes whatever happens. */
function openText(sequences: readonly TimedRun[]): string[] {
  const open = sequences.filter(({ test }) => test.expectations.length === 0).length;
  if (open === 0) return [];
  return [
    `${open === 1 ? '1 sequence expects' : `${open} sequences expect`} nothing yet: --record shows what comes of it`,
  ];
}

async function writeJUnit(path: string, { tests, sequences }: Result): Promise<void> {
  const seconds = new Map(sequences.map(({ report, ms }) => [report, ms / 1000]));
  const cases = tests.map((report): JUnitCase => {
    const { name, file, line, ok } = report;
    const group = 'rule' in report ? report.rule : file.replace(/\.test\.yml$/, '');
    const time = 'rule' in report ? 0 : (seconds.get(report) ?? 0);
    return { name, group, file, line, seconds: time, failure: ok ? undefined : failureText(report) };
  });
  const xml = junitXml(cases);
  if (path === '-') print(xml);
  else
    await writeFile(path, xml).catch((failure: Error) => {
      throw new UsageError(`cannot write '${path}': ${failure.message}`);
    });
}

function percent(text: string | undefined): number {
  if (text === undefined) return 0;
  const value = Number(text.replace(/%$/, ''));
  if (text.trim() !== '' && value >= 0 && value <= 100) return value;
  throw new UsageError(`--min is a percentage, not '${text}'`);
}

function coveredPercent(rules: readonly RuleCoverage[]): number {
  const leaves = rules.reduce((sum, rule) => sum + rule.leaves, 0);
  const decisive = rules.reduce((sum, rule) => sum + rule.leaves_decisive, 0);
  return leaves === 0 ? 100 : (100 * decisive) / leaves;
}
