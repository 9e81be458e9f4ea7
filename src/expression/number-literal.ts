import { meantDuration } from '../model/meant-duration.js';
import { parseDurationSeconds } from '../model/time.js';
import type { DiagnosticSink, Span } from './diagnostic.js';
import type { LiteralComplaint, Token } from './token.js';

const word = /(?:[0-9]+\.\.[0-9]+|[0-9]+(?:\.[0-9]+)*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:[A-Za-z0-9_]+|\.(?![A-Za-z]))?/y;
const spacedUnit =
  /\s+(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|months?|years?|ms)\b(?!\s*[.(])/y;
const plain = /^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const leadingZero = /^0+(?=[0-9])/;
const date =
  /[0-9]{4}([-/])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?(?![\w.])/y;
const compound = /^(?:[0-9]+[smhdw]){2,}$/;
const tooLong = /^[0-9]{10,}[smhdw]$/;

function durationHint(text: string): string {
  const meant = meantDuration(text);
  if (meant !== undefined) return `did you mean '${meant}'?`;
  if (tooLong.test(text)) return 'a duration has at most nine digits';
  if (compound.test(text)) return `add the parts: ${text.replace(/([smhdw])(?=.)/g, '$1 + ')}`;
  if (/^[0-9.]+(?:ms|us|ns)$/.test(text)) return 'the smallest unit is s; a plain number is seconds';
  return 'a duration is a whole number and one of s, m, h, d, w, such as 90m';
}

/** `2026-05-01`, which would be a subtraction, with or without a time of day. */
function readDate(text: string, start: number, sink: DiagnosticSink): Token | undefined {
  date.lastIndex = start;
  const found = date.exec(text)?.[0];
  if (found === undefined) return undefined;
  const at = { start, end: start + found.length };
  const hint = 'compare an age with a duration: account.age_s < 30d';
  sink.error('E153', at, 'there are no dates in conditions', hint);
  return { kind: 'number', text: '', value: 0, isWrong: true, ...at };
}

/** Where the whole of it is no number: what it is, and what to write. */
function complainOf(found: string, at: Span, sink: DiagnosticSink): void {
  if (/^[0-9.]+\s*[a-zA-Z]/.test(found) && !/^0[xob]/i.test(found) && !/^[0-9.]+(?:[uUnNfFlL]|[eE].*)$/.test(found))
    sink.error('E121', at, `'${found}' is no duration`, durationHint(found));
  else
    sink.error(
      'E120',
      at,
      `'${found}' is no number`,
      'numbers are written like 3, 0.5 or 1e6; there is one number type',
    );
}

/** Elsewhere such a number counts in eights, or is none. Said by the parser: behind a comma too many it is no news. */
const zeroComplaint = (found: string): LiteralComplaint => ({
  code: plain.test(found) ? 'E120' : 'E121',
  message: `'${found}' begins with a zero`,
  hint: `did you mean '${found.replace(leadingZero, '')}'?`,
});

/** Reads the number or duration at `start`; reports what is neither and goes on with 0. */
export function readNumber(text: string, start: number, sink: DiagnosticSink): Token {
  const day = readDate(text, start, sink);
  if (day !== undefined) return day;
  word.lastIndex = start;
  const digits = word.exec(text)?.[0] ?? text.charAt(start);
  spacedUnit.lastIndex = start + digits.length;
  const found = digits + (spacedUnit.exec(text)?.[0] ?? '');
  const at = { start, end: start + found.length };
  const value = plain.test(found) ? Number(found) : parseDurationSeconds(found);
  const isKnown = value !== undefined && Number.isFinite(value);
  if (isKnown && !leadingZero.test(found)) return { kind: 'number', text: '', value, ...at };
  if (isKnown) return { kind: 'number', text: '', value, complaint: zeroComplaint(found), ...at };
  complainOf(found, at, sink);
  return { kind: 'number', text: '', value: 0, isWrong: true, ...at };
}
