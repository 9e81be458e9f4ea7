import type { RuleProblem } from './rule-problem.js';

/** The file's name as the reader can open it, and the text of one line. */
interface ProblemSource {
  readonly path: string;
  readonly line: string;
}

const tabsOnly = (text: string): string => text.replace(/[^\t]/g, ' ');

/** Long lines are cut around the wrong place. */
const widest = 160;

/** The form for people: what is wrong, where, the line, and a caret under the wrong token. */
export function renderProblem(problem: RuleProblem, severity: 'error' | 'warning', source: ProblemSource): string {
  const rule = problem.rule === undefined ? '' : `  (rule ${problem.rule})`;
  const head = [
    `${severity}[${problem.code}]: ${problem.message}`,
    `  --> ${source.path}:${problem.line}:${problem.column}${rule}`,
  ];
  const cut = Math.max(0, Math.min(problem.column - 1 - 80, source.line.length - widest));
  const shown = source.line.slice(cut, cut + widest);
  const before = shown.slice(0, problem.column - 1 - cut);
  const carets = '^'.repeat(Math.max(1, Math.min(problem.end_column - problem.column, widest - before.length)));
  const gutter = `${problem.line} | `;
  const hint = problem.hint === undefined ? '' : ` ${problem.hint}`;
  const under = `${' '.repeat(gutter.length - 2)}| ${tabsOnly(before).padEnd(before.length)}${carets}${hint}`;
  return [...head, `${gutter}${shown}`, under].join('\n');
}

/** `3 errors, 1 warning`, and where each is explained. */
export function countProblems(errors: number, warnings: number): string {
  const count = `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
  return errors + warnings === 0 ? count : `${count}; each code has its page in docs/errors/`;
}
