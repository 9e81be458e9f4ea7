import type { DiagnosticSink } from './diagnostic.js';

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};

const numericEscapes: readonly { readonly pattern: RegExp; readonly radix: number }[] = [
  { pattern: /[xX]([0-9a-fA-F]{2})/y, radix: 16 },
  { pattern: /u([0-9a-fA-F]{4})/y, radix: 16 },
  { pattern: /U([0-9a-fA-F]{8})/y, radix: 16 },
  { pattern: /([0-3][0-7]{2})/y, radix: 8 },
];

const isScalar = (code: number): boolean => code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);

/** The escape after a backslash at `at`: its text and length, or undefined when CEL knows no such escape. */
function readEscape(text: string, at: number): { text: string; length: number } | undefined {
  const simple = simpleEscapes[text.charAt(at)];
  if (simple !== undefined) return { text: simple, length: 1 };
  for (const { pattern, radix } of numericEscapes) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match?.[1] === undefined) continue;
    const code = Number.parseInt(match[1], radix);
    return isScalar(code) ? { text: String.fromCodePoint(code), length: match[0].length } : undefined;
  }
  return undefined;
}

/** Escapes by number of what is no character: half of a pair, or more than there are. */
const emptyEscape = /\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y;

function complainOfEscape(text: string, at: number, sink: DiagnosticSink): number {
  emptyEscape.lastIndex = at;
  const empty = emptyEscape.exec(text)?.[0];
  const span = { start: at, end: Math.min(at + (empty?.length ?? 2), text.length) };
  const written = text.slice(span.start, span.end);
  if (empty === undefined)
    sink.error(
      'E123',
      span,
      `unknown escape '${written}'`,
      "a backslash is written '\\\\'; in a raw text r'…' it needs none",
    );
  else
    sink.error(
      'E123',
      span,
      `'${written}' stands for no character`,
      'one beyond U+FFFF is written with \\U and eight digits',
    );
  return span.end;
}

/** Reads the literal whose opening quote is at `quoteAt`; a raw one has no escapes. Reports, and reads on. */
export function readString(text: string, quoteAt: number, { raw, sink }: { raw: boolean; sink: DiagnosticSink }) {
  const quote = text.charAt(quoteAt);
  let value = '';
  let at = quoteAt + 1;
  while (at < text.length && text[at] !== quote && text[at] !== '\n' && text[at] !== '\r') {
    if (text[at] !== '\\' || raw) {
      value += text.charAt(at);
      at += 1;
      continue;
    }
    const found = readEscape(text, at + 1);
    const end = found === undefined ? complainOfEscape(text, at, sink) : at + 1 + found.length;
    value += found?.text ?? text.slice(at + 1, end);
    at = end;
  }
  if (text[at] === quote) return { value, end: at + 1 };
  sink.error(
    'E122',
    { start: quoteAt, end: Math.min(at, text.length) },
    'the text is not closed',
    `close it with ${quote}`,
  );
  return { value, end: Math.min(at, text.length) };
}
