import type { RuleErrorCode, RuleWarningCode } from './problem-codes.js';
import type { RuleProblem } from './rule-problem.js';
import type { SourceFile, SourceRange } from './yaml/source-file.js';

/** Where a problem is shown. */
export interface Located extends SourceRange {
  readonly file: SourceFile;
}

interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly rule?: string | undefined;
}

/** Collects everything that is wrong in one run. */
export class ProblemSink {
  readonly errors: RuleProblem[] = [];
  readonly warnings: RuleProblem[] = [];

  error(code: RuleErrorCode, at: Located, message: string, more: Pick<Complaint, 'hint' | 'rule'> = {}): void {
    this.errors.push(problemAt(at, { code, message, ...more }));
  }

  warn(code: RuleWarningCode, at: Located, message: string, more: Pick<Complaint, 'hint' | 'rule'> = {}): void {
    this.warnings.push(problemAt(at, { code, message, ...more }));
  }

  /** Everything that another has collected. */
  take({ errors, warnings }: ProblemSink): void {
    for (const error of errors) this.errors.push(error);
    for (const warning of warnings) this.warnings.push(warning);
  }

  /** A finding of the expression language, whose codes are its own. */
  add(severity: 'error' | 'warning', at: Located, complaint: Complaint): void {
    (severity === 'error' ? this.errors : this.warnings).push(problemAt(at, complaint));
  }
}

function problemAt(at: Located, { code, message, hint, rule }: Complaint): RuleProblem {
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    file: at.file.path,
    ...at.file.place(at),
    ...(rule === undefined ? {} : { rule }),
  };
}
