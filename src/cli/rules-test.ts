import { CoverageTally, type RuleCoverage } from '../ruleset/coverage-tally.js';
import { runInlineTests, type TestReport } from '../ruleset/run-rule-tests.js';
import { readTestFiles } from '../sequences/read-test-files.js';
import type { SequenceReport } from '../sequences/run-sequence.js';
import { complain, defineCommand, type Environment, print, printJson, UsageError } from './command-arguments.js';
import { type LoadedDirectory, loadDirectory, problemsText, rulesDirectory } from './load-rules.js';
import { readSelection, type Selection, selectionOptions } from './rules-test-selection.js';
import { coverageText, failureText } from './rules-test-text.js';

const usage = `usage: portcullis rules test [DIR] [--coverage] [--min PERCENT] [--json]

Runs the tests that rule authors wrote: those that stand in the rules of DIR (RULES_DIR, or rules), and the sequences of
events in DIR/tests/*.test.yml, each in a world of its own on a virtual clock.
  --coverage    how many tests of each rule fire, stay quiet or are unknown, and which leaves no test turns on
  --min N       fail when fewer than N percent of all leaves are decisive in some test
  --rule ID     only tests of this rule, or that name it
  --file PATH   only tests of files whose path ends so
  --name TEXT   only tests whose name holds this
  --json        for programs
Exit status: 0 when all pass, else 1.`;

export { leafText } from './rules-test-text.js';

/** `rules test` */
export const run = defineCommand({
  usage,
  options: {
    coverage: { type: 'boolean' },
    min: { type: 'string' },
    json: { type: 'boolean' },
    ...selectionOptions,
  },
  async run(args, environment) {
    const least = percent(args.text('min'));
    const loaded = await loadDirectory(rulesDirectory(args.positionals[0], environment));
    const result = await runTests(loaded, readSelection(args), environment);
    if (result === undefined) return 1;
    const { tests, coverage, uncovered } = result;
    const failed = tests.filter(({ ok }) => !ok).length;
    const passed = tests.length - failed;
    const covered = coveredPercent(Object.values(coverage));
    if (args.flag('json')) printJson({ passed, failed, tests, coverage });
    else
      print(
        [
          ...tests.filter(({ ok }) => !ok).map(failureText),
          ...(args.flag('coverage') ? coverageText({ coverage, uncovered }) : []),
          `${passed} passed, ${failed} failed; ${covered.toFixed(0)} % of leaves are decisive in a test`,
        ].join('\n'),
      );
    return failed > 0 || covered < least ? 1 : 0;
  },
});

/** Undefined when the files have errors, which are shown. */
async function runTests(loaded: LoadedDirectory, selection: Selection, environment: Environment) {
  const { files, ruleSet, directory } = loaded;
  const read = readTestFiles(files, ruleSet);
  const errors = [...loaded.errors, ...read.errors];
  if (ruleSet === undefined || errors.length > 0) {
    const what = ruleSet === undefined ? 'rules' : 'tests';
    complain(`${problemsText({ ...loaded, errors, warnings: [] })}\nthe ${what} in '${directory}' have errors`);
    return undefined;
  }
  const now = Date.now();
  const tally = new CoverageTally();
  const tests: (TestReport | SequenceReport)[] = [
    ...runInlineTests({ ruleSet, now, tally, chosen: (test, declaration) => selection.inline(test, declaration) }),
  ];
  const sequences = read.tests.filter((test) => selection.sequence(test));
  if (sequences.length > 0) {
    // Only for those who have such tests: opening the IP data takes longer than all the rest.
    const { runSequences } = await import('./run-sequences.js');
    const reports = await runSequences(sequences, { files, ruleSet, now, tally, environment });
    if (reports === undefined) return undefined;
    tests.push(...reports.map(({ report }) => report));
  }
  return { tests, ...tally.report() };
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
