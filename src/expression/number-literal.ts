import { meantDuration } from '../model/meant-duration.js';
import { parseDurationSeconds } from '../model/time.js';
import type { DiagnosticSink } from './diagnostic.js';
import type { Token } from './token.js';

const word = /(?:[0-9]+\.\.[0-9]+|[0-9]+(?:\.[0-9]+)*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:[A-Za-z0-9_]+|\.(?![A-Za-z]))?/y;
const spacedUnit =
  /\s+(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|months?|years?|ms)\b(?!\s*[.(])/y;
const plain = /^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const compound = /^(?:[0-9]+[smhdw])+$/;

function durationHint(text: string): string {
  const meant = meantDuration(text);
  if (meant !== undefined) return `did you mean '${meant}'?`;
  if (compound.test(text)) return `add the parts: ${text.replace(/([smhdw])(?=.)/g, '$1 + ')}`;
  if (/^[0-9.]+(?:ms|us|ns)$/.test(text)) return 'the smallest unit is s; a plain number is seconds';
  return 'a duration is a whole number and one of s, m, h, d, w, such as 90m';
}

/** Reads the number or duration at `start`; reports what is neither and goes on with 0. */
export function readNumber(text: string, start: number, sink: DiagnosticSink): Token {
  word.lastIndex = start;
  const digits = word.exec(text)?.[0] ?? text.charAt(start);
  spacedUnit.lastIndex = start + digits.length;
  const found = digits + (spacedUnit.exec(text)?.[0] ?? '');
  const at = { start, end: start + found.length };
  const value = plain.test(found) ? Number(found) : parseDurationSeconds(found);
  if (value !== undefined && Number.isFinite(value)) return { kind: 'number', text: '', value, ...at };
  if (/^[0-9.]+\s*[a-zA-Z]/.test(found) && !/^0[xX]/.test(found) && !/^[0-9.]+(?:[uUnNfFlL]|[eE].*)$/.test(found)) {
    sink.error('E121', at, `'${found}' is no duration`, durationHint(found));
  } else {
    sink.error(
      'E120',
      at,
      `'${found}' is no number`,
      'numbers are written like 3, 0.5 or 1e6; there is one number type',
    );
  }
  return { kind: 'number', text: '', value: 0, isWrong: true, ...at };
}
