import type { ExpressionErrorCode } from './error-codes.js';

/** One thing wrong with an expression. Offsets are UTF-16 units of its text; `end` is exclusive. */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Another part of the text that the hint speaks of; where it stands in the file is said behind it. */
  readonly refersTo?: Span;
  readonly start: number;
  readonly end: number;
  readonly severity: 'error' | 'warning';
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Collects what is wrong; one place in the text is reported once per code. */
export class DiagnosticSink {
  readonly found: Diagnostic[] = [];

  error(code: ExpressionErrorCode, at: Span, message: string, hint?: string, refersTo?: Span): void {
    if (this.found.some((other) => other.code === code && other.start === at.start && other.end === at.end)) return;
    this.found.push({
      code,
      message,
      start: at.start,
      end: at.end,
      severity: 'error',
      ...(hint === undefined ? {} : { hint }),
      ...(refersTo === undefined ? {} : { refersTo }),
    });
  }

  /** In the order of the text. */
  sorted(): readonly Diagnostic[] {
    return [...this.found].sort((a, b) => a.start - b.start || a.end - b.end);
  }
}

/** The hint, and `line:column` of what it refers to. */
export function hintWithPlace(
  { hint, refersTo }: Diagnostic,
  placeOf: (span: Span) => { readonly line: number; readonly column: number },
): string | undefined {
  if (hint === undefined || refersTo === undefined) return hint;
  const { line, column } = placeOf(refersTo);
  return `${hint} at ${line}:${column}`;
}
