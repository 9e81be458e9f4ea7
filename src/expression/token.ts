import type { Span } from './diagnostic.js';
import type { ExpressionErrorCode } from './error-codes.js';

type TokenKind = 'number' | 'string' | 'name' | 'sign' | 'end' | 'broken';

/** What is wrong with a literal where it is read as a value. */
export interface LiteralComplaint {
  readonly code: ExpressionErrorCode;
  readonly message: string;
  readonly hint: string;
}

export interface Token extends Span {
  readonly kind: TokenKind;
  /** A sign's or name's text; empty for literals. */
  readonly text: string;
  readonly value?: number | string;
  /** What stands before it has been reported and left out: that it does not fit is no news. */
  readonly afterBroken?: boolean;
  /** The literal has been reported: nothing is known of its value. */
  readonly isWrong?: boolean;
  readonly complaint?: LiteralComplaint;
}
