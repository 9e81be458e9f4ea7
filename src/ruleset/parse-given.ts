import type { InputInfo } from '../model/expression-scope.js';
import { secondsHint } from '../model/meant-duration.js';
import { err, ok, type Result } from '../model/result.js';
import { type Reading, Unavailable } from '../model/value.js';
import { canonicalValue } from './canonical-value.js';
import type { RuleSet } from './rule-set.js';
import { didYouMean } from './yaml/read-fields.js';

interface GivenProblem {
  readonly code: 'E031';
  readonly message: string;
  readonly hint?: string;
}

/** Values by name from JSON: a name that is not there is absent, `{"unavailable":"reason"}` could not be had. */
export function parseGiven(
  given: unknown,
  { scope }: Pick<RuleSet, 'scope'>,
): Result<Map<string, Reading>, GivenProblem> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return err({ code: 'E031', message: 'the given values are a JSON object by name' });
  const readings = new Map<string, Reading>();
  for (const [name, value] of Object.entries(given)) {
    const info = scope.input(name);
    if (info === undefined && scope.predicate(name) !== undefined)
      return err(problem(`'${name}' is a predicate and cannot be given`, 'give what it reads'));
    if (info === undefined)
      return err(problem(`there is no signal or feature '${name}'`, didYouMean(name, scope.names())));
    const reading = readingOf(info, value);
    if (!reading.ok) return reading;
    readings.set(name, reading.value);
  }
  return ok(readings);
}

const problem = (message: string, hint?: string): GivenProblem => ({
  code: 'E031',
  message,
  ...(hint === undefined ? {} : { hint }),
});

function readingOf({ name, type }: InputInfo, value: unknown): Result<Reading, GivenProblem> {
  if (value === null) return ok(undefined);
  if (typeof value === 'object' && 'unavailable' in value && Object.keys(value).length === 1)
    return ok(new Unavailable(String(value.unavailable)));
  const known = typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
  if (known && typeof value === type) return ok(canonicalValue(name, value));
  const hint = type === 'number' && typeof value === 'string' ? secondsHint(value) : undefined;
  return err(problem(`'${name}' is a ${type}, not ${JSON.stringify(value).slice(0, 80)}`, hint));
}
