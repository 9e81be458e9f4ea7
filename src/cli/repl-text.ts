import { type Reading, Unavailable } from '../model/value.js';
import { type ExplainedExpression, expressionFile } from '../ruleset/eval-expression.js';
import { renderProblem } from '../ruleset/render-problem.js';
import type { RuleProblem } from '../ruleset/rule-problem.js';
import { leafLines } from './explanation-text.js';

export const replHelp = `an expression        its value, what it read, and why it is unknown
NAME = VALUE         gives an input a value: 3, "text", true, 10m; none: it is absent; unavailable: could not be had
:load WHAT           the signals of EVENT.json, or what dec_… saw
:rule ID             why the rule fires with these values, and why not
:points ID           the points of the rule with these values
:outcome             what all rules come to; needs a loaded event
:inputs [PREFIX]     the inputs that have a value; with a prefix, all that begin so
:set                 the values given by hand
:unset NAME          takes a value back; :unset alone takes back all, a loaded event too
:help, :quit`;

/** A value given by hand, or why there is none. */
export const readingText = (reading: Reading): string =>
  reading instanceof Unavailable
    ? `unavailable (${reading.reason})`
    : reading === undefined
      ? 'none'
      : JSON.stringify(reading);

/** With a caret under what is wrong. */
export const problemsText = (problems: readonly RuleProblem[], text: string): string =>
  problems.map((one) => renderProblem(one, 'error', { path: expressionFile, line: text })).join('\n');

/** The value; of a condition each part, when there are several; of what is unknown why. */
export function resultText({ result, value, reads, leaves }: ExplainedExpression): string {
  const known = result === undefined ? value : result;
  const missing = Object.entries(reads).flatMap(([name, reading]) =>
    reading === null
      ? [`${name} is absent`]
      : typeof reading === 'object'
        ? [`${name} could not be had (${reading.unavailable})`]
        : [],
  );
  const read = Object.entries(reads).flatMap(([name, reading]) =>
    reading === null || typeof reading === 'object' ? [] : [`${name} = ${JSON.stringify(reading)}`],
  );
  const wayOut = Object.values(reads).includes(null) ? '; has() asks for it, default() replaces it' : '';
  const unknown = missing.length === 0 ? 'unknown' : `unknown: ${missing.join(', ')}${wayOut}`;
  const head = known === null ? unknown : typeof known === 'string' ? JSON.stringify(known) : String(known);
  if (leaves.length > 1) return [head, ...leafLines(leaves)].join('\n');
  return read.length === 0 ? head : `${head}  (${read.join(', ')})`;
}
