import { z } from 'zod';

/** True only for what the schema accepts and leaves as it is; false says nothing: ask the schema. */
export type Accepts = (value: unknown) => boolean;

const askTheSchema: Accepts = () => false;

/** What JSON calls an object; another prototype is left to the schema. */
const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

type Check<T> = (value: T) => boolean;

/** A kind of check that is not known here makes its whole place one to ask the schema about. */
function allOf<T, C>(checks: readonly C[] | undefined, compile: (check: C) => Check<T> | undefined) {
  const compiled = (checks ?? []).map(compile);
  const known = compiled.filter((check) => check !== undefined);
  if (known.length < compiled.length) return undefined;
  return (value: T) => {
    for (const check of known) if (!check(value)) return false;
    return true;
  };
}

function lengthCheck(check: z.core.$ZodCheck): Check<{ readonly length: number }> | undefined {
  if (check instanceof z.core.$ZodCheckMaxLength) {
    const { maximum } = check._zod.def;
    return ({ length }) => length <= maximum;
  }
  if (check instanceof z.core.$ZodCheckMinLength) {
    const { minimum } = check._zod.def;
    return ({ length }) => length >= minimum;
  }
  return undefined;
}

/** A pattern that keeps a place between two tests cannot be shared. */
const patternCheck = (pattern: RegExp): Check<string> | undefined =>
  pattern.global || pattern.sticky ? undefined : (text) => pattern.test(text);

function textCheck(check: z.core.$ZodCheck<string>): Check<string> | undefined {
  if (check instanceof z.core.$ZodCheckRegex) return patternCheck(check._zod.def.pattern);
  if (check instanceof z.core.$ZodCustom) {
    const { fn } = check._zod.def;
    return (text) => fn(text) === true;
  }
  return lengthCheck(check);
}

function numberCheck(check: z.core.$ZodCheck): Check<number> | undefined {
  const isLess = check instanceof z.core.$ZodCheckLessThan;
  if (!isLess && !(check instanceof z.core.$ZodCheckGreaterThan)) return undefined;
  const { value: bound, inclusive } = check._zod.def;
  if (typeof bound !== 'number') return undefined;
  if (isLess) return inclusive ? (value) => value <= bound : (value) => value < bound;
  return inclusive ? (value) => value >= bound : (value) => value > bound;
}

function textAccepts(schema: z.core.$ZodString): Accepts {
  const isFormat = schema instanceof z.core.$ZodStringFormat;
  // Of the formats only this one is its pattern and nothing more.
  if (isFormat && schema._zod.def.format !== 'datetime') return askTheSchema;
  const pattern = isFormat && schema._zod.def.pattern instanceof RegExp ? schema._zod.def.pattern : undefined;
  const fits = pattern === undefined ? () => true : patternCheck(pattern);
  const checks = allOf(schema._zod.def.checks, textCheck);
  if (fits === undefined || checks === undefined || (isFormat && pattern === undefined)) return askTheSchema;
  return (value) => typeof value === 'string' && fits(value) && checks(value);
}

function numberAccepts(schema: z.core.$ZodNumber): Accepts {
  const checks = allOf<number, z.core.$ZodCheck>(schema._zod.def.checks, numberCheck);
  if (checks === undefined || schema instanceof z.core.$ZodNumberFormat) return askTheSchema;
  return (value) => typeof value === 'number' && Number.isFinite(value) && checks(value);
}

function objectAccepts(schema: z.core.$ZodObject, compile: Compile): Accepts {
  const { shape, catchall, checks } = schema._zod.def;
  if (!(catchall instanceof z.core.$ZodNever) || (checks ?? []).length > 0) return askTheSchema;
  const members = new Map(
    Object.entries(shape).map(([name, member]) => {
      const isOptional = member instanceof z.core.$ZodOptional;
      return [name, { accepts: compile(member), isRequired: !isOptional }];
    }),
  );
  const required = [...members.values()].filter(({ isRequired }) => isRequired).length;
  return (value) => {
    if (!isFields(value)) return false;
    let found = 0;
    for (const key in value) {
      const member = members.get(key);
      if (member === undefined || !member.accepts(value[key])) return false;
      if (member.isRequired) found++;
    }
    return found === required;
  };
}

function recordAccepts(schema: z.core.$ZodRecord, compile: Compile): Accepts {
  const { keyType, valueType, mode, checks } = schema._zod.def;
  if (!(keyType instanceof z.core.$ZodString) || mode !== undefined || (checks ?? []).length > 0) return askTheSchema;
  const acceptsKey = compile(keyType);
  const acceptsValue = compile(valueType);
  return (value) => {
    if (!isFields(value)) return false;
    // The schema leaves out a member of this name.
    for (const key in value) if (key === '__proto__' || !acceptsKey(key) || !acceptsValue(value[key])) return false;
    return true;
  };
}

function arrayAccepts(schema: z.core.$ZodArray, compile: Compile): Accepts {
  const checks = allOf<{ readonly length: number }, z.core.$ZodCheck>(schema._zod.def.checks, lengthCheck);
  if (checks === undefined) return askTheSchema;
  const accepts = compile(schema._zod.def.element);
  return (value) => Array.isArray(value) && checks(value) && value.every((element) => accepts(element));
}

function unionAccepts(schema: z.core.$ZodUnion, compile: Compile): Accepts {
  const options = schema._zod.def.options.map(compile);
  return (value) => options.some((accepts) => accepts(value));
}

function taggedAccepts(schema: z.core.$ZodDiscriminatedUnion, compile: Compile): Accepts {
  const { discriminator, options } = schema._zod.def;
  const byTag = new Map<unknown, Accepts>();
  for (const option of options)
    for (const tag of option._zod.propValues?.[discriminator] ?? []) byTag.set(tag, compile(option));
  return (value) => isFields(value) && byTag.get(value[discriminator])?.(value) === true;
}

function valueAccepts(values: ReadonlySet<unknown> | undefined): Accepts {
  return values === undefined ? askTheSchema : (value) => values.has(value);
}

type Compile = (schema: z.core.$ZodType) => Accepts;

function compileWith(schema: z.core.$ZodType, compile: Compile): Accepts {
  if (schema instanceof z.core.$ZodString) return textAccepts(schema);
  if (schema instanceof z.core.$ZodNumber) return numberAccepts(schema);
  if (schema instanceof z.core.$ZodObject) return objectAccepts(schema, compile);
  if (schema instanceof z.core.$ZodDiscriminatedUnion) return taggedAccepts(schema, compile);
  if (schema instanceof z.core.$ZodUnion) return unionAccepts(schema, compile);
  if (schema instanceof z.core.$ZodArray) return arrayAccepts(schema, compile);
  if (schema instanceof z.core.$ZodRecord) return recordAccepts(schema, compile);
  if (schema instanceof z.core.$ZodBoolean) return (value) => typeof value === 'boolean';
  if (schema instanceof z.core.$ZodNull) return (value) => value === null;
  if (schema instanceof z.core.$ZodEnum || schema instanceof z.core.$ZodLiteral)
    return valueAccepts(schema._zod.values);
  if (schema instanceof z.core.$ZodOptional) {
    const accepts = compile(schema._zod.def.innerType);
    return (value) => value === undefined || accepts(value);
  }
  if (schema instanceof z.core.$ZodLazy) {
    let inner: Accepts | undefined;
    return (value) => {
      inner ??= compile(schema._zod.def.getter());
      return inner(value);
    };
  }
  return askTheSchema;
}

/**
 * A schema as plain functions, for bodies that come all the time: a tenth of the cost where the body fits. What a schema
 * would change, and kinds that are not known here, are never accepted, so that the schema has the last word.
 */
export function compileAccepts(schema: z.core.$ZodType): Accepts {
  const compiled = new Map<z.core.$ZodType, Accepts>();
  const compile: Compile = (part) => {
    const known = compiled.get(part);
    if (known !== undefined) return known;
    const accepts = compileWith(part, compile);
    compiled.set(part, accepts);
    return accepts;
  };
  return compile(schema);
}
