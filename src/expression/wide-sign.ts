import type { DiagnosticSink } from './diagnostic.js';
import { insteadOf } from './teach.js';
import type { Token } from './token.js';

const wide = /[\uFF01-\uFF5E]/;

/** The ordinary character that one of double width, as keyboards of East Asia write it, stands for. */
const ordinary = (text: string): string =>
  text.replace(/[\uFF01-\uFF5E]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0));

/** A sign with characters of double width in it, such as `＞=`: reported as a whole, and read as what it stands for. */
export function readWideSign(
  text: string,
  at: number,
  { signs, sink }: { signs: readonly string[]; sink: DiagnosticSink },
): Token | undefined {
  const narrow = ordinary(text.slice(at, at + 3));
  const sign = signs.find((candidate) => narrow.startsWith(candidate));
  if (sign === undefined) return undefined;
  const span = { start: at, end: at + sign.length };
  const written = text.slice(span.start, span.end);
  if (!wide.test(written)) return undefined;
  const meant = insteadOf.get(sign) ?? sign;
  sink.error('E126', span, `'${written}' means nothing here`, `write '${meant}'`);
  return { kind: 'sign', text: meant, ...span };
}
