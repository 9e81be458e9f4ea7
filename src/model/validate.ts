import { z } from 'zod';
import { type Accepts, compileAccepts } from './accepts.js';
import { closestName } from './closest-name.js';
import { jsonPointer } from './json-pointer.js';
import { type Problem, type ProblemError, problem } from './problem.js';
import { err, ok, type Result } from './result.js';

const maxErrors = 32;

type Issue = z.core.$ZodIssue;

/** What JSON calls a value; never the value itself. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'one that is not finite';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value = body;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) inner = inner.unwrap();
  return inner;
}

/** The member of a union that the body says it is. */
function optionOf(schema: z.ZodDiscriminatedUnion, body: unknown): unknown {
  const tag = schema.def.discriminator;
  const wanted = valueAt(body, [tag]);
  return schema.options.find((option) => option instanceof z.ZodObject && option.shape[tag]?.safeParse(wanted).success);
}

function schemaAt(schema: unknown, body: unknown, path: readonly PropertyKey[]): unknown {
  let inner = unwrap(schema);
  if (inner instanceof z.ZodDiscriminatedUnion) inner = optionOf(inner, body);
  for (const step of path) {
    if (inner instanceof z.ZodObject) inner = unwrap(inner.shape[String(step)]);
    else if (inner instanceof z.ZodArray) inner = unwrap(inner.element);
    else return undefined;
  }
  return inner;
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, schema: z.ZodType, body: unknown): ProblemError[] {
  const place = schemaAt(schema, body, issue.path);
  const known = place instanceof z.ZodObject ? Object.keys(place.shape) : [];
  return issue.keys.map((key) => {
    const meant = closestName(key, known);
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    return { pointer: jsonPointer([...issue.path, key]), detail: `unknown key${hint}` };
  });
}

const quoted = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');

const units: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

function sizeDetail(word: string, bound: unknown, origin: string): string {
  const unit = units[origin];
  return unit === undefined ? `expected ${word} ${bound}` : `expected ${word} ${bound} ${unit}`;
}

/** Zod's own sentences begin with "Invalid"; ours are written to be read as they are. */
const ownSentence = (message: string, otherwise: string): string =>
  message.startsWith('Invalid') ? otherwise : message;

/** As JSON has it. */
const kinds: Readonly<Record<string, string>> = { record: 'an object', int: 'a whole number' };
const kindNamed = (name: string): string => kinds[name] ?? `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${kindNamed(issue.expected)}`;
    case 'invalid_key':
      return issue.issues[0] === undefined ? 'not allowed here' : `as a key: ${expectation(issue.issues[0])}`;
    case 'invalid_value':
      return issue.values.length === 1 ? `expected ${quoted(issue.values)}` : `expected one of ${quoted(issue.values)}`;
    case 'too_big':
      return sizeDetail(issue.inclusive === false ? 'less than' : 'at most', issue.maximum, issue.origin);
    case 'too_small':
      return sizeDetail(issue.inclusive === false ? 'more than' : 'at least', issue.minimum, issue.origin);
    case 'invalid_format':
      return issue.format === 'datetime'
        ? 'expected an RFC 3339 time, such as "2026-05-01T12:00:00Z"'
        : ownSentence(issue.message, 'not in the expected form');
    case 'invalid_union':
      return issue.discriminator === undefined ? 'fits none of the allowed forms' : discriminatorDetail(issue);
    default:
      return ownSentence(issue.message, 'not allowed here');
  }
}

const discriminatorDetail = (issue: z.core.$ZodIssueInvalidUnion): string =>
  'options' in issue && Array.isArray(issue.options) ? `expected one of ${quoted(issue.options)}` : 'unknown type';

/** JSON has no infinity, but numbers so large that they are read as one: where the first is. */
function pathToEndless(value: unknown): readonly string[] | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const path = pathToEndless(inner);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}

function describe(issue: Issue, schema: z.ZodType, body: unknown): ProblemError[] {
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, schema, body);
  const came = valueAt(body, issue.path);
  const endless = issue.code === 'invalid_union' ? pathToEndless(came) : undefined;
  if (endless !== undefined)
    return [
      { pointer: jsonPointer([...issue.path, ...endless]), detail: 'the number is too large to be counted with' },
    ];
  const pointer = jsonPointer(issue.path);
  const expected = expectation(issue);
  if (came === undefined && issue.path.length > 0) return [{ pointer, detail: `required: ${expected}` }];
  return [{ pointer, detail: issue.code === 'invalid_type' ? `${expected}, got ${kindOf(came)}` : expected }];
}

/** Zod's issues as JSON pointers with sentences that say what was expected, and never repeat what came. */
function schemaErrors(issues: readonly Issue[], schema: z.ZodType, body: unknown): ProblemError[] {
  const errors = issues.flatMap((issue) => describe(issue, schema, body));
  if (errors.length <= maxErrors) return errors;
  return [...errors.slice(0, maxErrors), { pointer: '', detail: `and ${errors.length - maxErrors} more` }];
}

const compiled = new WeakMap<z.ZodType, Accepts>();

/** Nearly all bodies fit: that is found out by plain functions; whatever does not, the schema itself looks at. */
function fits<T>(schema: z.ZodType<T>, body: unknown): body is T {
  let accepts = compiled.get(schema);
  if (accepts === undefined) {
    accepts = compileAccepts(schema);
    compiled.set(schema, accepts);
  }
  return accepts(body);
}

export function validate<T>(schema: z.ZodType<T>, body: unknown): Result<T, Problem> {
  if (fits(schema, body)) return ok(body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return ok(parsed.data);
  return err(problem('invalid', { errors: schemaErrors(parsed.error.issues, schema, body) }));
}
