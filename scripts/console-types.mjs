/**
 * Writes src/console/api/types.ts from the OpenAPI document of the built service: what the console sends and gets.
 * `--check` writes nothing and fails when the file is not what it should be.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from '../dist/http/openapi.js';
import { allRoutes } from '../dist/http/routes.js';

const file = join(dirname(fileURLToPath(import.meta.url)), '../src/console/api/types.ts');

/** Routes are only described here, never run: whatever they ask of their services is there, and is nothing. */
const nothing = new Proxy({}, { get: () => nothing });
const document = openApiDocument(allRoutes({ services: nothing, isDraining: () => false, session: {} }));

const nameOf = (reference) =>
  reference
    .split('/')
    .at(-1)
    .replace(/[^A-Za-z0-9_]/g, '_');
const key = (name) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : JSON.stringify(name));
/** Schemas of any JSON refer to themselves, which a type alias cannot. */
const isAnyJson = (name) => /^Any\d*$/.test(name);
const union = (parts) => [...new Set(parts)].join(' | ') || 'never';

/** JSON Schema, as far as our own schemas go, in TypeScript's words. */
function typeOf(schema) {
  if (schema === undefined || schema === true || Object.keys(schema).length === 0) return 'unknown';
  if (schema.$ref !== undefined) return isAnyJson(nameOf(schema.$ref)) ? 'unknown' : nameOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return union(choices.map(typeOf));
  if (schema.allOf !== undefined) return schema.allOf.map(typeOf).join(' & ');
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type })));
  if (schema.type === 'array') return `readonly (${typeOf(schema.items)})[]`;
  if (schema.type === 'object' || schema.properties !== undefined) return objectOf(schema);
  return (
    { integer: 'number', number: 'number', string: 'string', boolean: 'boolean', null: 'null' }[schema.type] ??
    'unknown'
  );
}

function objectOf({ properties = {}, required = [], additionalProperties }) {
  const named = Object.entries(properties).map(
    ([name, schema]) => `readonly ${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  );
  if (named.length > 0) return `{ ${named.join('; ')} }`;
  return additionalProperties === false ? 'None' : `Readonly<Record<string, ${typeOf(additionalProperties)}>>`;
}

const jsonSchema = (content) => content?.['application/json']?.schema;

function operationType(operation) {
  const of = (place) =>
    objectOf({
      properties: Object.fromEntries(
        (operation.parameters ?? []).filter((one) => one.in === place).map((one) => [one.name, one.schema]),
      ),
      required: (operation.parameters ?? []).filter((one) => one.required).map((one) => one.name),
      additionalProperties: false,
    });
  const good = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  const replies = good.map(([, reply]) =>
    jsonSchema(reply.content) === undefined ? 'undefined' : typeOf(jsonSchema(reply.content)),
  );
  const body = jsonSchema(operation.requestBody?.content);
  return `  ${operation.operationId}: { params: ${of('path')}; query: ${of('query')}; body: ${body === undefined ? 'undefined' : typeOf(body)}; reply: ${union(replies)} };`;
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, operation]) => operation.operationId !== undefined)
    .map(([method, operation]) => ({ path, method, operation })),
);

const text = [
  '// Made by scripts/console-types.mjs from the OpenAPI document.',
  '/** An object without members. */',
  'export type None = { readonly [none in never]: never };',
  ...Object.entries(document.components?.schemas ?? {})
    .filter(([name]) => !isAnyJson(nameOf(name)))
    .map(([name, schema]) => `export type ${nameOf(name)} = ${typeOf(schema)};`),
  'export interface Operations {',
  ...operations.map(({ operation }) => operationType(operation)),
  '}',
  '/** Method and path of each operation. */',
  'export const paths = {',
  ...operations.map(
    ({ path, method, operation }) => `  ${operation.operationId}: ['${method.toUpperCase()}', '${path}'],`,
  ),
  '} as const satisfies Readonly<Record<keyof Operations, readonly [method: string, path: string]>>;',
  '',
].join('\n');

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write(
    'src/console/api/types.ts is not what the OpenAPI document says; run scripts/console-types.mjs\n',
  );
  process.exitCode = 1;
}
