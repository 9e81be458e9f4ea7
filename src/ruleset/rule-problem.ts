/** One thing wrong with the author's files. Lines and columns count from 1; columns are UTF-16 units, a tab is one. */
export interface RuleProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Relative to the rules directory. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Exclusive, on the same line. */
  readonly end_column: number;
  readonly rule?: string;
}

export const byPlace = (a: RuleProblem, b: RuleProblem): number =>
  compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.code, b.code);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
