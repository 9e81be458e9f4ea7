/** What our own schemas use of JSON Schema 2020-12; another keyword is an error, so that none is silently ignored. */
type Schema = Readonly<Record<string, unknown>>;
/** `root` is where `$ref` looks. */
type Check = (rule: unknown, value: unknown, schema: Schema, root: Schema) => readonly string[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const schemaOf = (value: unknown): Schema => (isObject(value) ? value : {});
const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const unless = (fits: boolean, what: string): readonly string[] => (fits ? [] : [what]);
const under = (key: string | number, found: readonly string[]): readonly string[] =>
  found.map((text) => `/${key}${text}`);

function hasType(value: unknown, type: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'null') return value === null;
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

const nothing: Check = () => [];

const checks: Readonly<Record<string, Check>> = {
  $schema: nothing,
  title: nothing,
  description: nothing,
  examples: nothing,
  $comment: nothing,
  $defs: nothing,
  // Of editors, not of JSON Schema.
  defaultSnippets: nothing,
  patternErrorMessage: nothing,
  $ref: (rule, value, _schema, root) => {
    const found = schemaOf(root.$defs)[String(rule).replace(/^#\/\$defs\//, '')];
    return found === undefined ? [`: there is no ${String(rule)}`] : check(found, value, root);
  },
  type: (rule, value) =>
    unless(
      (Array.isArray(rule) ? rule : [rule]).some((type) => hasType(value, type)),
      `: is no ${String(rule)}`,
    ),
  enum: (rule, value) => unless(items(rule).includes(value), `: ${String(value)} is not allowed`),
  const: (rule, value) => unless(rule === value, `: is not ${String(rule)}`),
  pattern: (rule, value) =>
    unless(typeof value !== 'string' || new RegExp(String(rule), 'u').test(value), `: does not match ${String(rule)}`),
  minLength: (rule, value) => unless(typeof value !== 'string' || value.length >= Number(rule), ': is too short'),
  minimum: (rule, value) => unless(typeof value !== 'number' || value >= Number(rule), ': is too small'),
  maximum: (rule, value) => unless(typeof value !== 'number' || value <= Number(rule), ': is too large'),
  minItems: (rule, value) => unless(!Array.isArray(value) || value.length >= Number(rule), ': has too few items'),
  uniqueItems: (_rule, value) => unless(new Set(items(value)).size === items(value).length, ': repeats an item'),
  items: (rule, value, _schema, root) => items(value).flatMap((item, index) => under(index, check(rule, item, root))),
  required: (rule, value) =>
    items(rule).flatMap((key) => unless(!isObject(value) || String(key) in value, `: lacks ${String(key)}`)),
  properties: (rule, value, _schema, root) =>
    Object.entries(schemaOf(rule)).flatMap(([key, schema]) =>
      isObject(value) && key in value ? under(key, check(schema, value[key], root)) : [],
    ),
  additionalProperties: (rule, value, schema, root) =>
    Object.entries(schemaOf(value))
      .filter(([key]) => !(key in schemaOf(schema.properties)))
      .flatMap(([key, found]) => (rule === false ? [`: unknown ${key}`] : under(key, check(rule, found, root)))),
  oneOf: (rule, value, _schema, root) => {
    const fitting = items(rule).filter((schema) => check(schema, value, root).length === 0);
    return unless(fitting.length === 1, `: fits ${fitting.length} of the alternatives`);
  },
  anyOf: (rule, value, _schema, root) =>
    unless(
      items(rule).some((schema) => check(schema, value, root).length === 0),
      ': fits none of the alternatives',
    ),
};

/** A schema may be `false`, which nothing fits. */
function check(rule: unknown, value: unknown, root: Schema): readonly string[] {
  if (rule === false) return [': is not allowed here'];
  return Object.entries(schemaOf(rule)).flatMap(([keyword, inner]) => {
    const found = checks[keyword];
    return found === undefined
      ? [`: the schema uses '${keyword}', which this check does not know`]
      : found(inner, value, schemaOf(rule), root);
  });
}

/** Where the value does not fit the schema, as JSON pointers with a reason. */
export const violations = (schema: Schema, value: unknown): readonly string[] => check(schema, value, schema);
