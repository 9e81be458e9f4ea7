import type { DiagnosticSink } from './diagnostic.js';
import type { Token } from './token.js';

/** Signs of print and of other keyboards, and the sign that stands for them here. */
const printed: Readonly<Record<string, string>> = {
  '≥': '>=',
  '≤': '<=',
  '≠': '!=',
  '∧': '&&',
  '∨': '||',
  '¬': '!',
  '–': '-',
  '—': '-',
  '−': '-',
  '×': '*',
  '·': '*',
  '÷': '/',
};

const hints: Readonly<Record<string, string>> = {
  '~': 'patterns are matched with x.matches("…")',
  '^': 'multiply, or use log2(x)',
  ';': 'an expression ends by itself',
  $: 'names are written as they are: ip.asn',
  '@': 'names are written as they are: ip.asn',
  '#': 'a comment has a line of its own outside the condition',
};

const quotes = /[‘’“”`´＂＇]/;
const closingQuote = /[‘’“”`´＂＇"']/g;

const wordPart = /[A-Za-z0-9_.]/;
const oddPart = /[\p{L}\p{M}\p{Cf}．＿]/u;

/** The whole of a word that the character stands in: a letter of another alphabet, or something invisible. */
function wordWith(text: string, at: number): { readonly start: number; readonly end: number } | undefined {
  const inWord = (index: number): boolean => wordPart.test(text.charAt(index)) || oddPart.test(text.charAt(index));
  if (!oddPart.test(text.charAt(at))) return undefined;
  let [start, end] = [at, at + 1];
  while (start > 0 && inWord(start - 1)) start--;
  while (end < text.length && inWord(end)) end++;
  return end - start > 1 ? { start, end } : undefined;
}

function readOddWord(
  word: { start: number; end: number },
  at: { start: number; end: number },
  sink: DiagnosticSink,
): Token {
  const hint = 'a character that looks like another or like nothing: type the word anew';
  sink.error('E126', at, 'a character that names do not have', hint);
  return { kind: 'number', text: '', value: 0, isWrong: true, ...word };
}

/** A character that no token begins with: reported once, and read as what it probably stands for. */
export function readOddCharacter(text: string, at: number, sink: DiagnosticSink): Token {
  const odd = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const span = { start: at, end: at + odd.length };
  if (quotes.test(odd)) return readOddlyQuoted(text, at, sink);
  if (text.startsWith('${', at)) return readTemplate(text, at, sink);
  const word = wordWith(text, at);
  if (word !== undefined) return readOddWord(word, span, sink);
  const sign = printed[odd];
  const shown = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(odd) ? `'${odd}'` : codeName(odd);
  const invisible =
    shown === codeName(odd) ? 'an invisible character: delete it, or write an ordinary space' : undefined;
  sink.error(
    'E126',
    span,
    `${shown} means nothing here`,
    sign === undefined ? (hints[odd] ?? invisible) : `write '${sign}'`,
  );
  if (sign !== undefined) return { kind: 'sign', text: sign, ...span };
  if (odd === '#') return { kind: 'broken', text: odd, start: at, end: lineEnd(text, at) };
  return { kind: 'broken', text: odd, ...span };
}

const codeName = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

function readTemplate(text: string, at: number, sink: DiagnosticSink): Token {
  sink.error('E126', { start: at, end: at + 2 }, "'${' means nothing here", 'names are written as they are: ip.asn');
  const end = text.indexOf('}', at);
  return { kind: 'broken', text: '${', start: at, end: end < 0 ? at + 2 : end + 1 };
}

/** A text between quotes of print: read to its end, so that what stands in it is not read as names. */
function readOddlyQuoted(text: string, at: number, sink: DiagnosticSink): Token {
  const span = { start: at, end: at + 1 };
  sink.error('E126', span, `'${text.charAt(at)}' means nothing here`, 'use straight quotes: "…" or \'…\'');
  closingQuote.lastIndex = at + 1;
  const end = closingQuote.exec(text)?.index;
  if (end === undefined || end > lineEnd(text, at)) return { kind: 'broken', text: text.charAt(at), ...span };
  return { kind: 'string', text: '', value: text.slice(at + 1, end), start: at, end: end + 1 };
}
