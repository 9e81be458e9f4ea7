import { expressionErrors } from '../expression/error-codes.js';
import { ruleErrors, ruleWarnings } from './problem-codes.js';
import type { RuleProblem } from './rule-problem.js';

const titles: Readonly<Record<string, string>> = { ...expressionErrors, ...ruleErrors, ...ruleWarnings };

/** The page about a code, in the repository. */
const pageOf = (code: string): string => `docs/errors/${code}.md`;

/** Where the pages about codes are. */
interface PageSource {
  /** What the page says; undefined where it is not at hand. */
  textOf(code: string): string | undefined;
  /** Of the folder of pages, for whoever reads the report elsewhere. */
  readonly address?: string | undefined;
}

const noPages: PageSource = { textOf: () => undefined };

type Level = 'error' | 'warning';

/** SARIF 2.1.0, which code hosts show beside the changed lines. `directory` stands before every file. */
export function toSarif(
  errors: readonly RuleProblem[],
  warnings: readonly RuleProblem[],
  directory: string,
  pages: PageSource = noPages,
): unknown {
  const codes = [...new Set([...errors, ...warnings].map(({ code }) => code))].sort();
  const indexOf = new Map(codes.map((code, index) => [code, index]));
  const resultOf = (level: Level) => (problem: RuleProblem) => ({
    ruleId: problem.code,
    ruleIndex: indexOf.get(problem.code) ?? -1,
    level,
    message: { text: problem.hint === undefined ? problem.message : `${problem.message} (${problem.hint})` },
    locations: [{ physicalLocation: placeOf(problem, directory) }],
  });
  const driver = { name: 'portcullis rules check', rules: codes.map((code) => describe(code, pages)) };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        columnKind: 'utf16CodeUnits',
        results: [...errors.map(resultOf('error')), ...warnings.map(resultOf('warning'))],
      },
    ],
  };
}

function describe(code: string, { textOf, address }: PageSource): unknown {
  const title = titles[code] ?? code;
  const page = textOf(code);
  return {
    id: code,
    shortDescription: { text: title },
    help: {
      text: `${title} See ${pageOf(code)}.`,
      markdown: page ?? `${title} See [${code}](${pageOf(code)}).`,
    },
    ...(address === undefined ? {} : { helpUri: `${address.replace(/\/?$/, '/')}${code}.md` }),
    defaultConfiguration: { level: code.startsWith('W') ? 'warning' : 'error' },
  };
}

function placeOf({ file, line, column, end_column: endColumn }: RuleProblem, directory: string): unknown {
  const uri = `${directory}/${file}`.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return {
    artifactLocation: { uri },
    region: { startLine: line, startColumn: column, endLine: line, endColumn },
  };
}
