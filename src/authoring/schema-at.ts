import { ruleSchemas } from '../ruleset/rule-schemas.js';
import { type Content, contents, type Schema } from '../ruleset/schemas/schema.js';

const schemas = ruleSchemas();

const isTestFile = (file: string): boolean => /^tests\/.*\.ya?ml$/.test(file);

/** The schema of a file, by its path in the rules folder. */
export const schemaOf = (file: string): Schema => schemas[isTestFile(file) ? 'tests.json' : 'rules.json'] ?? {};

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const member = (schema: Schema, key: string): unknown => (Object.hasOwn(schema, key) ? schema[key] : undefined);
const manyOf = (value: unknown): readonly Schema[] =>
  Array.isArray(value) ? value.filter((one: unknown): one is Schema => isSchema(one)) : [];

/** Without `$ref`, and each alternative of `oneOf` and `anyOf` by itself; what was referred to comes first. */
function alternatives(schema: Schema, root: Schema): readonly Schema[] {
  const reference = member(schema, '$ref');
  const name = typeof reference === 'string' ? reference.slice('#/$defs/'.length) : undefined;
  const definitions = member(root, '$defs');
  const definition = name !== undefined && isSchema(definitions) ? member(definitions, name) : undefined;
  const whole = isSchema(definition) ? { ...definition, ...schema } : schema;
  const inner = [...manyOf(member(whole, 'oneOf')), ...manyOf(member(whole, 'anyOf'))];
  return [whole, ...inner.flatMap((other) => alternatives(other, root))];
}

function step(schema: Schema, key: string): Schema | undefined {
  const properties = member(schema, 'properties');
  const found =
    key === '[]'
      ? member(schema, 'items')
      : isSchema(properties) && Object.hasOwn(properties, key)
        ? member(properties, key)
        : member(schema, 'additionalProperties');
  return isSchema(found) ? found : undefined;
}

/** Answers that were given before: the same question comes for every rule of a folder. */
function remembered<T>(make: (found: readonly Schema[]) => T): (found: readonly Schema[]) => T {
  const known = new WeakMap<readonly Schema[], { readonly answer: T }>();
  return (found) => {
    const before = known.get(found) ?? { answer: make(found) };
    known.set(found, before);
    return before.answer;
  };
}

const tops = new WeakMap<Schema, readonly Schema[]>();

/** What may stand in the whole file. */
export function schemasAtTop(root: Schema): readonly Schema[] {
  const top = tops.get(root) ?? alternatives(root, root);
  tops.set(root, top);
  return top;
}

const stepsFrom = remembered(() => new Map<string, readonly Schema[]>());

/** What may stand a key (or `[]`) further in. */
export function schemasUnder(found: readonly Schema[], key: string, root: Schema): readonly Schema[] {
  const steps = stepsFrom(found);
  // Names of the author's own all have one answer.
  const name = key === '[]' || keysOf(found).has(key) ? key : '*';
  const under = steps.get(name) ?? stepAll(found, key, root);
  steps.set(name, under);
  return under;
}

const stepAll = (found: readonly Schema[], key: string, root: Schema): readonly Schema[] =>
  found.flatMap((schema) => {
    const inner = step(schema, key);
    return inner === undefined ? [] : alternatives(inner, root);
  });

/** What may stand after these keys: every alternative that the schema knows. */
export const schemasAt = (root: Schema, path: readonly string[]): readonly Schema[] =>
  path.reduce((found, key) => schemasUnder(found, key, root), schemasAtTop(root));

/** The keys that a map may have, with what is known of each. */
export const keysOf = remembered(keysIn);

function keysIn(found: readonly Schema[]): ReadonlyMap<string, Schema> {
  const keys = new Map<string, Schema>();
  for (const schema of found) {
    const properties = member(schema, 'properties');
    if (isSchema(properties))
      for (const [key, value] of Object.entries(properties))
        if (isSchema(value) && !keys.has(key)) keys.set(key, value);
  }
  return keys;
}

/** The texts that may stand there, where they are a closed set. */
export const valuesOf = (found: readonly Schema[]): readonly string[] => [
  ...new Set(
    found.flatMap((schema) => {
      const values = member(schema, 'enum');
      const constant = member(schema, 'const');
      return [...(Array.isArray(values) ? values : []), ...(constant === undefined ? [] : [constant])].map(String);
    }),
  ),
];

export const examplesOf = (found: readonly Schema[]): readonly string[] =>
  found.flatMap((schema) => {
    const examples = member(schema, 'examples');
    return Array.isArray(examples) ? examples.map(String) : [];
  });

interface Snippet {
  readonly label: string;
  readonly description: string;
  readonly bodyText: string;
}

export const snippetsOf = (found: readonly Schema[]): readonly Snippet[] =>
  found.flatMap((schema) =>
    manyOf(member(schema, 'defaultSnippets')).map(
      (snippet): Snippet => ({
        label: String(snippet.label),
        description: String(snippet.description),
        bodyText: String(snippet.bodyText),
      }),
    ),
  );

/** What the texts or keys there mean. */
export function contentOf(found: readonly Schema[]): Content | undefined {
  for (const schema of found) {
    const comment = member(schema, '$comment');
    const content = contents.find((name) => name === comment);
    if (content !== undefined) return content;
  }
  return undefined;
}

export function docOf(found: readonly Schema[]): string | undefined {
  for (const schema of found) {
    const description = member(schema, 'description');
    if (typeof description === 'string') return description;
  }
  return undefined;
}

export const typesOf = (found: readonly Schema[]): readonly string[] =>
  found.flatMap((schema) => {
    const type = member(schema, 'type');
    return Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : [];
  });
