import type { LeafReport } from '../ruleset/rule-trial.js';
import { type RuleCoverage, runRuleTests, type TestReport, type TestRun } from '../ruleset/run-rule-tests.js';
import { defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { requireRuleSet, rulesDirectory } from './load-rules.js';

const usage = `usage: portcullis rules test [DIR] [--coverage] [--min PERCENT] [--json]

Runs the tests that stand in the rules of DIR (RULES_DIR, or rules).
  --coverage  how many tests of each rule fire, stay quiet or are unknown, and which leaves no test turns on
  --min N     fail when fewer than N percent of all leaves are decisive in some test
Exit status: 0 when all pass, else 1.`;

/** `rules test` */
export const run = defineCommand({
  usage,
  options: { coverage: { type: 'boolean' }, min: { type: 'string' }, json: { type: 'boolean' } },
  async run(args, environment) {
    const least = percent(args.text('min'));
    const now = Date.now();
    const ruleSet = await requireRuleSet(rulesDirectory(args.positionals[0], environment));
    if (ruleSet === undefined) return 1;
    const result = runRuleTests(ruleSet, now);
    const { passed, failed, tests, coverage } = result;
    const covered = coveredPercent(Object.values(coverage));
    if (args.flag('json')) printJson({ passed, failed, tests, coverage });
    else
      print(
        [
          ...tests.filter(({ ok }) => !ok).map(failureText),
          ...(args.flag('coverage') ? coverageText(result) : []),
          `${passed} passed, ${failed} failed; ${covered.toFixed(0)} % of leaves are decisive in a test`,
        ].join('\n'),
      );
    return failed > 0 || covered < least ? 1 : 0;
  },
});

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

function failureText({ rule, name, file, line, diff }: TestReport): string {
  const head = `failed: ${rule}: ${name}\n  --> ${file}:${line}`;
  if (diff === undefined) return head;
  const flip = diff.flip?.map((change) => `${change.name}: ${change.from ?? 'missing'} -> ${change.to}`).join(', ');
  const would = flip === undefined ? [] : [`  would turn with ${flip}`];
  return [head, `  expected ${diff.expected}, got ${diff.got}`, ...diff.leaves.map(leafText), ...would].join('\n');
}

export function leafText({ text, result, values }: LeafReport): string {
  const shown = Object.entries(values).map(
    ([name, value]) => `${name} = ${value === null ? 'missing' : JSON.stringify(value)}`,
  );
  return `    ${String(result ?? 'unknown').padEnd(8)} ${text}   (${shown.join(', ')})`;
}

function coverageText({ coverage, uncovered }: TestRun): string[] {
  return Object.entries(coverage).flatMap(([id, { fires, quiet, unknown, leaves, leaves_decisive }]) => [
    `${id}: ${fires} fire, ${quiet} quiet, ${unknown} unknown; ${leaves_decisive} of ${leaves} leaves decisive`,
    ...(uncovered[id] ?? []).map((text) => `    no test turns on: ${text}`),
  ]);
}
