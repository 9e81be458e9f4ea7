import { expressionErrors } from '../expression/error-codes.js';
import { ruleErrors, ruleWarnings } from './problem-codes.js';
import type { RuleProblem } from './rule-problem.js';

const titles: Readonly<Record<string, string>> = { ...expressionErrors, ...ruleErrors, ...ruleWarnings };

/** SARIF 2.1.0, which code hosts show beside the changed lines. `directory` stands before every file. */
export function toSarif(errors: readonly RuleProblem[], warnings: readonly RuleProblem[], directory: string): unknown {
  const codes = [...new Set([...errors, ...warnings].map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'portcullis rules check',
            rules: codes.map((id) => ({ id, shortDescription: { text: titles[id] ?? id } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          ...errors.map((problem) => resultOf(problem, 'error', directory)),
          ...warnings.map((problem) => resultOf(problem, 'warning', directory)),
        ],
      },
    ],
  };
}

function resultOf(problem: RuleProblem, level: 'error' | 'warning', directory: string): unknown {
  const uri = `${directory}/${problem.file}`.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  const region = { startLine: problem.line, startColumn: problem.column, endColumn: problem.end_column };
  return {
    ruleId: problem.code,
    level,
    message: { text: problem.hint === undefined ? problem.message : `${problem.message} (${problem.hint})` },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
  };
}
