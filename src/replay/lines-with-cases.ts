import type { CaseOfAccount, ReplayLine } from './replay-line.js';

/** Hands each line on when the next one comes: what moved in between, or after the last one, is told with the line before it. */
export class LinesWithCases {
  private waiting: ReplayLine | undefined;

  constructor(private readonly emit: (line: ReplayLine) => void) {}

  take(line: ReplayLine): void {
    this.end([]);
    this.waiting = line;
  }

  /** `left`: what no line has told. */
  end(left: readonly CaseOfAccount[]): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting === undefined) return;
    this.emit(left.length === 0 ? waiting : { ...waiting, cases: [...(waiting.cases ?? []), ...left] });
  }
}
