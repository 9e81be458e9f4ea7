import { readComment } from './comment.js';
import type { DiagnosticSink } from './diagnostic.js';
import { readNumber } from './number-literal.js';
import { readOddCharacter } from './odd-character.js';
import { readString } from './string-literal.js';
import type { Token } from './token.js';
import { readWideSign } from './wide-sign.js';

const blank = /[ \t\r\n\f]+/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
/** Many are no part of the language and are read to be explained. */
const foreign = '=== !== >== <== ||| &&& ||= &&= <=> ?? <> => =< =! =~ := -> :: ?. {{ **'.split(' ');
const own = ['||', '&&', '==', '!=', '<=', '>=', ...'()[],.!<>+-*/', ...'%?:=|&{}'];
/** Longest first. */
const signs = [...foreign, ...own].sort((a, b) => b.length - a.length);
/** `> =`: the sign falls apart. */
const splitSign = /[<>=!][ \t]+=(?![=~])/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function afterName(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1);
  return last !== undefined && (last.kind === 'name' || last.text === ')' || last.text === ']');
}

function readToken(
  text: string,
  at: number,
  { tokens, sink }: { tokens: readonly Token[]; sink: DiagnosticSink },
): Token {
  const char = text.charAt(at);
  const raw = (char === 'r' || char === 'R') && /["']/.test(text.charAt(at + 1));
  if (raw || char === '"' || char === "'") {
    const literal = readString(text, raw ? at + 1 : at, { raw, sink });
    return { kind: 'string', text: '', value: literal.value, start: at, end: literal.end };
  }
  if (/[0-9]/.test(char) || (char === '.' && /[0-9]/.test(text.charAt(at + 1)) && !afterName(tokens))) {
    return readNumber(text, at, sink);
  }
  const word = matchAt(name, text, at);
  if (word !== undefined) return { kind: 'name', text: word, start: at, end: at + word.length };
  if (text.startsWith('//', at) || text.startsWith('/*', at)) return readComment(text, at, sink);
  const wide = readWideSign(text, at, { signs, sink });
  if (wide !== undefined) return wide;
  const split = matchAt(splitSign, text, at);
  if (split !== undefined) return { kind: 'sign', text: split.replace(/\s+/, ' '), start: at, end: at + split.length };
  const sign = signs.find((candidate) => text.startsWith(candidate, at));
  if (sign !== undefined) return { kind: 'sign', text: sign, start: at, end: at + sign.length };
  return readOddCharacter(text, at, sink);
}

/** Splits the text; always ends with an `end` token. What it cannot read it reports and leaves out. */
export function tokenize(text: string, sink: DiagnosticSink): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let afterBroken = false;
  while (at < text.length) {
    at += matchAt(blank, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const token = readToken(text, at, { tokens, sink });
    // The beginning of a word that turned out to have an odd character in it.
    while ((tokens.at(-1)?.end ?? 0) > token.start) tokens.pop();
    if (token.kind !== 'broken') tokens.push(afterBroken ? { ...token, afterBroken } : token);
    afterBroken = token.kind === 'broken';
    at = token.end;
  }
  const end = text.trimEnd().length;
  const last = { start: end, end: Math.min(end + 1, Math.max(text.length, end)) };
  tokens.push({ kind: 'end', text: '', ...last, ...(afterBroken ? { afterBroken } : {}) });
  return tokens;
}
