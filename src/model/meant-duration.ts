import { parseDurationSeconds } from './time.js';

const unitsByWord: readonly (readonly [words: RegExp, unit: string, times: number])[] = [
  [/^(?:s|secs?|seconds?)$/i, 's', 1],
  [/^(?:m|mins?|minutes?)$/i, 'm', 1],
  [/^(?:h|hrs?|hours?)$/i, 'h', 1],
  [/^(?:d|days?)$/i, 'd', 1],
  [/^(?:w|wks?|weeks?)$/i, 'w', 1],
  [/^(?:mo|months?)$/i, 'd', 30],
  [/^(?:y|yrs?|years?)$/i, 'd', 365],
];

/** `90d` of `90 days`, `-90d`, `P90D` or `3 months`: how the language writes what was probably meant. */
export function meantDuration(text: string): string | undefined {
  const [, count, word = ''] = /^\s*[-+]?P?T?(\d{1,6})(?:\.0+)?\s*([A-Za-z]+)\.?\s*$/.exec(text) ?? [];
  const found = unitsByWord.find(([words]) => words.test(word));
  if (count === undefined || found === undefined || Number(count) === 0) return undefined;
  const [, unit, times] = found;
  return `${Number(count) * times}${unit}`;
}

/** For whoever gives a duration where a plain number stands: `600` of `10m` or `10 minutes`. */
export function secondsHint(text: string): string | undefined {
  const seconds = parseDurationSeconds(meantDuration(text) ?? '');
  return seconds === undefined ? undefined : `did you mean '${seconds}'? ${text.trim()} in seconds`;
}
