/**
 * Where each UTF-16 unit of a scalar's value stands in the file, through quotes, escapes, folding and indentation.
 *
 * Characters that are no white space come in the same order in source and value, so both are walked together: white
 * space that folding changed is skipped in the source. Exact for every character that is not white space.
 */
export function scalarOffsets(source: string, value: string, style: ScalarStyle, base: number): ScalarOffsets {
  const starts: number[] = [];
  const ends: number[] = [];
  let at = contentStart(source, style);
  for (let i = 0; i < value.length; ) {
    const wanted = value.charAt(i);
    if (!isSpace(wanted)) at = skipSpace(source, at, style);
    const { text, length } = readUnit(source, at, style);
    const same = text !== '' && value.startsWith(text, i);
    const units = same ? text.length : 1;
    const start = base + Math.min(at, source.length);
    for (let unit = 0; unit < units; unit++) {
      starts.push(start);
      ends.push(same ? start + length : start + 1);
    }
    i += units;
    if (same) at += length;
  }
  starts.push(base + Math.min(at, source.length));
  return { starts, ends };
}

/** Of each unit: where it begins, and where what stands for it ends (an escape is several characters). */
export interface ScalarOffsets {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'block';

const isSpace = (text: string): boolean => text === ' ' || text === '\t' || text === '\n' || text === '\r';

function contentStart(source: string, style: ScalarStyle): number {
  if (style === 'plain') return 0;
  // The header of a block scalar ends with its line.
  return style === 'block' ? source.indexOf('\n') + 1 : 1;
}

function skipSpace(source: string, from: number, style: ScalarStyle): number {
  let at = from;
  while (at < source.length) {
    if (isSpace(source.charAt(at))) at++;
    else if (style === 'double' && source.charAt(at) === '\\' && isSkippedEscape(source, at))
      at += readUnit(source, at, style).length;
    else break;
  }
  return at;
}

const isSkippedEscape = (source: string, at: number): boolean => {
  const { text } = readUnit(source, at, 'double');
  return text === '' || isSpace(text);
};

interface Unit {
  readonly text: string;
  readonly length: number;
}

function readUnit(source: string, at: number, style: ScalarStyle): Unit {
  const text = source.charAt(at);
  if (style === 'single' && text === "'") return { text, length: 2 };
  return style === 'double' && text === '\\' ? readEscape(source, at) : { text, length: 1 };
}

const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
  '\n': '',
  '\r': '',
};

function readEscape(source: string, at: number): Unit {
  const kind = source.charAt(at + 1);
  const digits = hexDigits[kind];
  if (digits === undefined) return { text: escapes[kind] ?? kind, length: 2 };
  const code = Number.parseInt(source.slice(at + 2, at + 2 + digits), 16);
  return { text: code <= 0x10ffff ? String.fromCodePoint(code) : '', length: 2 + digits };
}
