import type { ExpressionErrorCode } from './error-codes.js';

/** One thing wrong with an expression. Offsets are UTF-16 units of its text; `end` is exclusive. */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
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

  error(code: ExpressionErrorCode, at: Span, message: string, hint?: string): void {
    if (this.found.some((other) => other.code === code && other.start === at.start && other.end === at.end)) return;
    const diagnostic = { code, message, start: at.start, end: at.end, severity: 'error' as const };
    this.found.push(hint === undefined ? diagnostic : { ...diagnostic, hint });
  }

  /** In the order of the text. */
  sorted(): readonly Diagnostic[] {
    return [...this.found].sort((a, b) => a.start - b.start || a.end - b.end);
  }
}
