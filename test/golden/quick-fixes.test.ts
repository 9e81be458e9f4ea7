import { describe, expect, it } from '@jest/globals';
import { quickFixes } from '../../src/authoring/quick-fixes.js';
import { finishSteps } from '../../src/model/steps.js';
import { LoadMemory } from '../../src/ruleset/load-memory.js';
import { loadRuleSetSteps } from '../../src/ruleset/load-rule-set.js';
import type { RuleProblem } from '../../src/ruleset/rule-problem.js';
import { SourceFile } from '../../src/ruleset/yaml/source-file.js';
import { type Mistake, scalarForms } from './rule-mistakes/mistake.js';
import { conditions, mistakes } from './rule-mistakes/mistakes.js';
import { rightFiles, today } from './rule-mistakes/right-files.js';

const condition = '    when: device.is_automation && device.confidence >= 0.9';
const forms = ['plain', 'single', 'folded', 'literal'];

/** A text that lacks its quotes is only told: which quotes it can have depends on the YAML around it. */
const isFixable = ({ suggests }: Pick<Mistake, 'suggests'>): boolean =>
  suggests !== undefined && !suggests.startsWith('"');

/** Every wrong condition in one form, each form in its turn. */
const inConditions: readonly Mistake[] = conditions.flatMap(({ condition: text, code, suggests }, index) => {
  const scalar = scalarForms[forms[index % forms.length] ?? '']?.(text);
  if (scalar === undefined || !isFixable({ suggests })) return [];
  return [{ file: 'device/automation.yml', right: condition, wrong: `    when: ${scalar}`, code, suggests }];
});

/** Only the file with the mistake is read again. */
const memory = new LoadMemory();
const problemsOf = (files: ReadonlyMap<string, string>): readonly RuleProblem[] => {
  const { errors, warnings } = finishSteps(loadRuleSetSteps({ files, now: today }, memory));
  return [...errors, ...warnings];
};

const written = (source: SourceFile, { line, column, end_column: end }: RuleProblem): string =>
  source.line(line).slice(column - 1, end - 1);

/** What is still wrong after the first proposal was taken. */
function afterFix({ file, right, wrong }: Mistake): string {
  const source = new SourceFile(
    file,
    (rightFiles.get(file) ?? '').replace(right, () => wrong.replace(/[«»]/g, '')),
  );
  const found = problemsOf(new Map([...rightFiles, [file, source.text]]));
  const problem = found.find((one) => one.file === file && quickFixes(one, written(source, one)).length > 0);
  if (problem === undefined) return `${wrong}: nothing is proposed`;
  const [fix] = quickFixes(problem, written(source, problem));
  const start = source.offsetOf(problem.line, problem.column);
  const rest = source.text.slice(source.offsetOf(problem.line, problem.end_column));
  const fixed = `${source.text.slice(0, start)}${fix?.replacement}${rest}`;
  const same = problemsOf(new Map([...rightFiles, [file, fixed]])).find(
    ({ code, line, column }) => code === problem.code && line === problem.line && column === problem.column,
  );
  return same === undefined ? '' : `${wrong}: ${fix?.replacement}: ${same.code} ${same.message}`;
}

describe('the change that a problem proposes', () => {
  it.each([
    ['in every kind of declaration', mistakes.filter(isFixable)],
    ['in conditions of every form', inConditions],
  ])('takes the problem away, %s', (_what, all) => {
    expect(all.length).toBeGreaterThan(20);
    expect(all.map(afterFix).filter((left) => left !== '')).toEqual([]);
  });
});
