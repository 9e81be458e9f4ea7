/** A JSON Schema (draft 2020-12), as far as editors of YAML use it. */
export type Schema = Readonly<Record<string, unknown>>;

/**
 * What a text means to the language server, kept under `$comment`, which validators pass over: an expression, a title with
 * `{name}` places, the name of a signal, of a rule, a link, a feature, a reason code, an owner; `inputs` is a map whose keys are inputs.
 */
export const contents = [
  'condition',
  'points',
  'title',
  'signal',
  'reason',
  'owner',
  'rule',
  'link',
  'inputs',
  'bursts',
  'lists',
] as const;
export type Content = (typeof contents)[number];

export const oneOf = (values: readonly string[], description?: string): Schema => ({
  ...(description === undefined ? {} : { description }),
  enum: values,
});

export const text = (description: string, more: Schema = {}): Schema => ({
  description,
  type: 'string',
  minLength: 1,
  ...more,
});

/** A text that names or reads something. */
export const content = (kind: Content, schema: Schema): Schema => ({ ...schema, $comment: kind });

export const ref = (name: string, description?: string): Schema => ({
  ...(description === undefined ? {} : { description }),
  $ref: `#/$defs/${name}`,
});

export const duration = (description: string, ...examples: readonly string[]): Schema => ({
  description,
  type: 'string',
  pattern: '^[0-9]+[smhdw]$',
  patternErrorMessage: 'a whole number and s, m, h, d or w: 90s, 10m, 24h, 30d, 2w',
  examples,
});

export const share = (description: string, ...examples: readonly string[]): Schema => ({
  description,
  type: 'string',
  pattern: '^[0-9]+(\\.[0-9]+)?\\s?%$',
  patternErrorMessage: '0% to 100%, with its sign: 5%, 0.5%',
  examples,
});

export const date = (description: string): Schema => ({
  description,
  type: 'string',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
  patternErrorMessage: 'year-month-day: 2027-01-01',
});

export const whole = (description: string, minimum: number, maximum?: number): Schema => ({
  description,
  type: 'integer',
  minimum,
  ...(maximum === undefined ? {} : { maximum }),
});

export const points = (description: string): Schema => ({ description, type: 'number', minimum: 0, maximum: 100 });

/** At least one of them, each once. */
export const many = (items: Schema, description: string): Schema => ({
  description,
  type: 'array',
  items,
  minItems: 1,
  uniqueItems: true,
});

export const listOf = (items: Schema, description: string): Schema => ({ description, type: 'array', items });

/** Names of the author's own, each with a value of this kind. */
export const mapOf = (values: Schema, description: string): Schema => ({
  description,
  type: 'object',
  additionalProperties: values,
});

/** A map with known keys only. */
export const strict = (
  description: string,
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema => ({
  description,
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
  additionalProperties: false,
});

/** A snippet of an editor: each ‹text› is a place to fill in, in order. */
export function snippet(text: string): string {
  let number = 0;
  return text.replace(/‹([^›]*)›/g, (_whole, usual: string) => `\${${++number}:${usual}}`);
}
