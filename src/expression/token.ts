import type { Span } from './diagnostic.js';

export type TokenKind = 'number' | 'string' | 'name' | 'sign' | 'end' | 'broken';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** A sign's or name's text; empty for literals. */
  readonly text: string;
  readonly value?: number | string;
}
