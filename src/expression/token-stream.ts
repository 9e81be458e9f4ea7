import { bounds } from './bounds.js';
import type { DiagnosticSink, Span } from './diagnostic.js';
import type { Token } from './token.js';

/** Thrown by the parser's own code when going on makes no sense (a bound was passed); never leaves the parser. */
export class ParseStop extends Error {}

interface Complaint {
  readonly at?: Span;
  readonly refersTo?: Span;
}

/** The tokens, a place among them, and the bounds. */
export class TokenStream {
  private index = 0;
  private nodes = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    readonly sink: DiagnosticSink,
  ) {}

  private readonly end: Token = { kind: 'end', text: '', start: 0, end: 0 };

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)] ?? this.end;
  }

  /** The token that was read last. */
  before(): Token | undefined {
    return this.tokens[this.index - 1];
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.index += 1;
    return token;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && (token.kind === 'sign' || token.kind === 'name');
  }

  /** The next token if it is this sign or word. */
  take(text: string): Token | undefined {
    return this.is(text) ? this.next() : undefined;
  }

  /** What does not fit; behind something that has been left out that is no news. */
  complain(token: Token, message: string, hint: string, { at = token, refersTo }: Complaint = {}): void {
    if (token.afterBroken !== true) this.sink.error('E100', at, message, hint, refersTo);
  }

  /** The whole of a dotted name that begins here. */
  dottedSpan(): Span {
    const first = this.peek();
    let last = first;
    if (first.kind !== 'name') return first;
    for (let ahead = 1; this.is('.', ahead) && this.peek(ahead + 1).kind === 'name'; ahead += 2) {
      if (this.is('(', ahead + 2)) break;
      last = this.peek(ahead + 1);
    }
    return { start: first.start, end: last.end };
  }

  /** Over a brace and everything to the one that closes it. */
  skipBraces(): void {
    let open = 0;
    do {
      const { text } = this.next();
      if (text.startsWith('{')) open += text.length;
      if (text === '}') open--;
    } while (open > 0 && this.peek().kind !== 'end');
  }

  countNode(at: Span): void {
    this.nodes += 1;
    if (this.nodes <= bounds.nodes) return;
    this.sink.error(
      'E132',
      at,
      `more than ${bounds.nodes} nodes`,
      'split it into predicates, or put values in a list file',
    );
    throw new ParseStop();
  }

  nested<T>(at: Span, read: () => T): T {
    this.checkDepth(1, at);
    this.depth += 1;
    const result = read();
    this.depth -= 1;
    return result;
  }

  /** `height` more levels than here. */
  checkDepth(height: number, at: Span): void {
    if (this.depth + height <= bounds.depth) return;
    this.sink.error('E131', at, `nested deeper than ${bounds.depth}`, 'split it into predicates');
    throw new ParseStop();
  }

  /** Skips to where an operand may end, over whole brackets. */
  recover(): void {
    let open = 0;
    for (let token = this.peek(); token.kind !== 'end'; token = this.peek()) {
      if (token.kind === 'sign') {
        if (open === 0 && ['&&', '||', ')', ']', ','].includes(token.text)) return;
        if ('([{'.includes(token.text)) open += 1;
        if (')]}'.includes(token.text)) open = Math.max(0, open - 1);
      }
      this.next();
    }
  }
}
