import type { Ast } from './ast.js';
import { bounds } from './bounds.js';
import type { Span } from './diagnostic.js';
import { insteadOf, macros, nullWords, openingWords, teach } from './teach.js';
import type { Token } from './token.js';
import type { TokenStream } from './token-stream.js';

/** Reads a whole expression: what stands between parentheses, commas or brackets. */
type ParseWhole = (stream: TokenStream) => Ast;

const broken = (span: Span): Ast => ({ kind: 'broken', start: span.start, end: span.end, height: 0 });

interface Closing {
  readonly end: number;
  /** Something else stood before it, or instead of it. */
  readonly isWrong: boolean;
}

function expectClosing(stream: TokenStream, closing: string, opening: Token): Closing {
  const found = stream.take(closing);
  if (found !== undefined) return { end: found.end, isWrong: false };
  const token = stream.peek();
  if (!teach(stream, token.text, token)) {
    const hint = `'${closing}' was expected, for the '${opening.text}'`;
    const message = token.kind === 'end' ? 'the expression ends too early' : 'this does not fit here';
    stream.complain(token, message, hint, { at: stream.dottedSpan(), refersTo: opening });
  }
  if (token.kind !== 'end' && token.text !== ')' && token.text !== ']') stream.next();
  stream.recover();
  while (stream.take(',') !== undefined) stream.recover();
  const late = stream.take(closing) ?? (token.text === ')' || token.text === ']' ? stream.next() : token);
  return { end: late.end, isWrong: true };
}

function parseItems(stream: TokenStream, whole: ParseWhole, closing: string): Ast[] {
  const items: Ast[] = [];
  if (stream.is(closing)) return items;
  do {
    items.push(whole(stream));
  } while (stream.take(',') !== undefined);
  return items;
}

const tallest = (asts: readonly Ast[]): number => asts.reduce((height, ast) => Math.max(height, ast.height), 0);

function parseList(stream: TokenStream, whole: ParseWhole): Ast {
  const opening = stream.next();
  stream.countNode(opening);
  const items = stream.nested(opening, () => parseItems(stream, whole, ']'));
  const { end, isWrong } = expectClosing(stream, ']', opening);
  const span = { start: opening.start, end };
  if (isWrong) return broken(span);
  if (items.length > bounds.listEntries) {
    const message = `${items.length} entries, at most ${bounds.listEntries} are allowed`;
    stream.sink.error('E133', span, message, 'put them in a file lists/NAME.txt and write: in lists.NAME');
  }
  return { kind: 'list', items, ...span, height: tallest(items) + 1 };
}

function parseCall(stream: TokenStream, whole: ParseWhole, called: { nameAt: Token; target?: Ast }): Ast {
  const { nameAt, target } = called;
  const opening = stream.next();
  stream.countNode(nameAt);
  if (target !== undefined && macros.includes(nameAt.text)) {
    stream.sink.error(
      'E141',
      nameAt,
      `there is no '${nameAt.text}'`,
      'there are no loops; count over history with a feature',
    );
    stream.recover();
    while (stream.take(',') !== undefined) stream.recover();
    stream.take(')');
    return broken({ start: target.start, end: nameAt.end });
  }
  const args = stream.nested(nameAt, () => parseItems(stream, whole, ')'));
  const { end, isWrong } = expectClosing(stream, ')', opening);
  if (isWrong) return broken({ start: target?.start ?? nameAt.start, end });
  const height = 1 + Math.max(tallest(args), target?.height ?? 0);
  stream.checkDepth(height, nameAt);
  const call = { kind: 'call' as const, name: nameAt.text, nameAt, args, end, height };
  return target === undefined ? { ...call, start: nameAt.start } : { ...call, target, start: target.start };
}

/** The sign before a member; signs of other languages are taught, and read on. */
const isMember = (stream: TokenStream): boolean =>
  ['.', '?.', '->', '::'].some((sign) => stream.is(sign)) && stream.peek(1).kind === 'name' && !stream.is('(', 2);

/** `a.b.c`, or a call at its end: the last part before `(` is the function or method. */
function parseName(stream: TokenStream, whole: ParseWhole): Ast {
  const first = stream.next();
  if (first.text === 'true' || first.text === 'false') {
    stream.countNode(first);
    return { kind: 'literal', value: first.text === 'true', start: first.start, end: first.end, height: 0 };
  }
  if (stream.is('(')) return parseCall(stream, whole, { nameAt: first });
  let name = first.text;
  let end = first.end;
  while (isMember(stream)) {
    const sign = stream.next();
    if (sign.text !== '.') teach(stream, sign.text, sign);
    const part = stream.next();
    name += `.${part.text}`;
    end = part.end;
  }
  stream.countNode(first);
  return { kind: 'name', name, start: first.start, end, height: 0 };
}

/** `(1, 2)` after its first entry: a list in the brackets of another language. */
function parseTuple(stream: TokenStream, whole: ParseWhole, opening: Token): Ast {
  while (stream.take(',') !== undefined) whole(stream);
  const span = { start: opening.start, end: expectClosing(stream, ')', opening).end };
  stream.sink.error('E115', span, 'a list is written in square brackets', 'write: x in [a, b]');
  return broken(span);
}

function parseParenthesised(stream: TokenStream, whole: ParseWhole): Ast {
  const opening = stream.next();
  const inner = stream.nested(opening, () => whole(stream));
  if (stream.is(',')) return parseTuple(stream, whole, opening);
  const { end, isWrong } = expectClosing(stream, ')', opening);
  if (isWrong) return broken({ start: opening.start, end });
  const core = inner.core ?? { start: inner.start, end: inner.end };
  return { ...inner, core, start: opening.start, end, height: inner.height + 1 };
}

function unexpected(stream: TokenStream): Ast {
  const token = stream.peek();
  if (token.kind === 'end') {
    stream.complain(token, 'the expression ends too early', 'a value was expected');
    return broken(token);
  }
  if (!teach(stream, token.text, token)) {
    const isBehindComma = stream.before()?.text === ',' || token.text === ',';
    const hint = isBehindComma ? 'a value was expected; there is a comma too many' : 'a value was expected';
    stream.complain(token, `'${token.text}' does not fit here`, hint);
  }
  if (token.text.startsWith('{')) stream.skipBraces();
  else if (!['&&', '||', ')', ']', ','].includes(token.text)) stream.next();
  stream.recover();
  return broken(token);
}

const notNames: ReadonlySet<string> = new Set(['in', 'and', 'or', 'AND', 'OR', ...nullWords]);

const startsOperand = ({ kind, text }: Token): boolean =>
  kind === 'number' || kind === 'string' || text === '!' || (kind === 'name' && !insteadOf.has(text) && text !== 'in');

function parsePrimary(stream: TokenStream, whole: ParseWhole): Ast {
  const token = stream.peek();
  if (token.value !== undefined) {
    stream.next();
    stream.countNode(token);
    const { complaint } = token;
    if (complaint !== undefined) stream.sink.error(complaint.code, token, complaint.message, complaint.hint);
    if (token.isWrong === true || complaint !== undefined) return broken(token);
    return { kind: 'literal', value: token.value, start: token.start, end: token.end, height: 0 };
  }
  if (stream.is('(')) return parseParenthesised(stream, whole);
  if (stream.is('[')) return parseList(stream, whole);
  if (openingWords.includes(token.text) && startsOperand(stream.peek(1))) {
    teach(stream, token.text, token);
    stream.next();
    return parsePrimary(stream, whole);
  }
  if (token.kind === 'name' && !notNames.has(token.text)) {
    return parseName(stream, whole);
  }
  return unexpected(stream);
}

/** Methods after a value; members and indexes of a value are taught away. */
function parsePostfix(stream: TokenStream, whole: ParseWhole): Ast {
  let target = parsePrimary(stream, whole);
  for (;;) {
    if (target.kind === 'broken') return target;
    if (stream.is('[')) {
      const opening = stream.next();
      teach(stream, '[', opening);
      stream.recover();
      stream.take(']');
      target = broken({ start: target.start, end: opening.end });
    } else if (stream.is('{')) {
      return unexpected(stream);
    } else if (stream.is('.')) {
      const dot = stream.next();
      const nameAt = stream.peek();
      if (nameAt.kind !== 'name') {
        if (nameAt.afterBroken !== true) stream.complain(dot, "'.' does not fit here", 'a name was expected after it');
        stream.recover();
        return broken(dot);
      }
      stream.next();
      if (!stream.is('(')) {
        stream.sink.error('E151', nameAt, `only names have members, not '${nameAt.text}' of a value`);
        return broken(nameAt);
      }
      target = parseCall(stream, whole, { nameAt, target });
    } else return target;
  }
}

/** `not x`, unless `not` is a function call or a name by itself. */
function isWordNot(stream: TokenStream): boolean {
  return ['not', 'NOT', 'Not'].some((word) => stream.is(word)) && (stream.peek(1).kind === 'name' || stream.is('(', 1));
}

/** An operand of a binary operator: unary operators, then a value with its methods. */
export function parseOperand(stream: TokenStream, whole: ParseWhole): Ast {
  const wordNot = isWordNot(stream);
  if (!wordNot && !stream.is('!') && !stream.is('-')) return parsePostfix(stream, whole);
  const token = stream.next();
  if (wordNot) teach(stream, token.text, token);
  stream.countNode(token);
  const operand = stream.nested(token, () => parseOperand(stream, whole));
  const operator = token.text === '-' ? '-' : '!';
  return { kind: 'unary', operator, operand, start: token.start, end: operand.end, height: operand.height + 1 };
}
