import type { Ast, BinaryOperator } from './ast.js';
import { bounds } from './bounds.js';
import type { DiagnosticSink, Span } from './diagnostic.js';
import { tokenize } from './lexer.js';
import { parseOperand } from './parse-operand.js';
import { insteadOf, nullWords, teach, teachNull } from './teach.js';
import type { Token } from './token.js';
import { ParseStop, TokenStream } from './token-stream.js';

/** Loosest first, as in CEL. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/'],
];

/** The operator the next token stands for, after teaching what was meant if it is none. */
function meantOperator(stream: TokenStream): string {
  const { text, kind } = stream.peek();
  if (kind !== 'sign' && kind !== 'name') return '';
  return insteadOf.get(text) ?? text;
}

const comparisonLevel = 2;

/** `is null` and `is not null`, taken as a whole. */
function takeNullTest(stream: TokenStream): Span | undefined {
  if (!/^is$/i.test(stream.peek().text)) return undefined;
  const isNegated = /^not$/i.test(stream.peek(1).text);
  const last = stream.peek(isNegated ? 2 : 1);
  if (last.kind !== 'name' || !nullWords.includes(last.text)) return undefined;
  const span = { start: stream.peek().start, end: last.end };
  for (let count = isNegated ? 3 : 2; count > 0; count--) stream.next();
  return span;
}

function takeOperator(stream: TokenStream, level: number): { operator: BinaryOperator; at: Token } | undefined {
  const meant = meantOperator(stream);
  const operator = levels[level]?.find((candidate) => candidate === meant);
  if (operator === undefined) return undefined;
  const at = stream.next();
  if (at.text !== meant) teach(stream, at.text, at);
  // `is not`: one lesson is enough.
  if (/^is$/i.test(at.text) && /^not$/i.test(stream.peek().text)) stream.next();
  return { operator, at };
}

function parseLevel(stream: TokenStream, level: number): Ast {
  if (level >= levels.length) return parseOperand(stream, parseWhole);
  let left = parseLevel(stream, level + 1);
  const nullTest = level === comparisonLevel ? takeNullTest(stream) : undefined;
  if (nullTest !== undefined) {
    teachNull(stream, nullTest);
    return broken({ start: left.start, end: nullTest.end });
  }
  for (let found = takeOperator(stream, level); found !== undefined; found = takeOperator(stream, level)) {
    const right = parseLevel(stream, level + 1);
    stream.countNode(found.at);
    const { operator, at } = found;
    const height = Math.max(left.height, right.height);
    const single = at.text === '&' || at.text === '|' ? { isSingle: true as const } : {};
    left = { kind: 'binary', operator, at, ...single, left, right, start: left.start, end: right.end, height };
  }
  return left;
}

const parseWhole = (stream: TokenStream): Ast => parseLevel(stream, 0);

/** `x not in y`, `x !in y` */
function isNotIn(stream: TokenStream): boolean {
  const token = stream.peek();
  if (!/^(?:not|!)$/i.test(token.text) || !stream.is('in', 1)) return false;
  stream.sink.error('E144', token, `there is no '${token.text} in'`, "write '!(x in y)'");
  return true;
}

function complainOfRest(stream: TokenStream, token: Token): void {
  const at = stream.dottedSpan();
  const what = token.kind === 'sign' || token.kind === 'name' ? `'${token.text}'` : 'this value';
  stream.complain(token, `${what} does not fit here`, restHint(token.text), { at });
}

function restHint(text: string): string {
  if (text === ')' || text === ']') return `there is no '${text === ')' ? '(' : '['}' for it`;
  if (text === ',') return 'numbers are written without commas, conditions are joined with && and ||';
  return 'an operator such as && or == was expected';
}

/** After a whole expression only the end may come. Goes on after the mistake so that later ones are found too. */
function parseRest(stream: TokenStream): void {
  for (let token = stream.peek(); token.kind !== 'end'; token = stream.peek()) {
    if (!isNotIn(stream) && !teach(stream, token.text, token)) complainOfRest(stream, token);
    if (token.text.startsWith('{')) stream.skipBraces();
    else stream.next();
    // Two brackets too many are one mistake.
    while (stream.take(token.text === ']' ? ']' : ')') !== undefined);
    stream.recover();
    if (stream.take('&&') !== undefined || stream.take('||') !== undefined) parseWhole(stream);
  }
}

const broken = (span: Span): Ast => ({ kind: 'broken', ...span, height: 0 });

/** Reads the text as far as it can be read; everything wrong goes to the sink. */
export function parseExpression(text: string, sink: DiagnosticSink): Ast {
  const whole = { start: 0, end: text.length };
  if (new TextEncoder().encode(text).length > bounds.textBytes) {
    sink.error(
      'E130',
      whole,
      `longer than ${bounds.textBytes} bytes`,
      'split it into predicates, or put values in a list file',
    );
    return broken(whole);
  }
  const stream = new TokenStream(tokenize(text, sink), sink);
  if (stream.peek().kind === 'end') {
    if (sink.found.length === 0) sink.error('E150', whole, 'the expression is empty', "write 'true' for always");
    return broken(whole);
  }
  try {
    const ast = parseWhole(stream);
    parseRest(stream);
    return ast;
  } catch (thrown) {
    if (thrown instanceof ParseStop) return broken(whole);
    throw thrown;
  }
}
