import { z } from 'zod';
import { type ProblemCode, problemCodes } from '../model/problem.js';
import { rolesThatMayCall } from './roles.js';
import type { ReplySpec, Route } from './route.js';
import { problemReplySchema } from './schemas.js';

type Json = Record<string, unknown>;

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Json;
  readonly servers: readonly Json[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Json; readonly securitySchemes: Json };
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
  readonly security: readonly Json[];
}

const ref = (name: string): string => `#/components/schemas/${name}`;

/** Zod puts named schemas under `$defs` of each document; here they live together under `components`. */
class SchemaBook {
  readonly components: Json = {};

  add(schema: z.ZodType): unknown {
    const document = z.toJSONSchema(z.object({ root: schema }), {
      io: 'input',
      unrepresentable: 'any',
      // Zod's pattern for times is longer than all the rest of the schema and says no more than the format does.
      override: ({ jsonSchema }) => {
        if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      },
    });
    const prefix = Object.keys(this.components).length;
    const rename = (name: string): string => (name.startsWith('__') ? `Any${prefix}` : name);
    for (const [name, definition] of Object.entries(document.$defs ?? {})) {
      const { id: _, ...rest } = definition;
      this.components[rename(name)] = relink(rest, rename);
    }
    return relink(document.properties?.root, rename);
  }
}

function relink(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => relink(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => {
      const isRef = key === '$ref' && typeof item === 'string';
      return [key, isRef ? ref(rename(item.replace('#/$defs/', ''))) : relink(item, rename)];
    }),
  );
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query' | 'header', book: SchemaBook): Json[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !(field instanceof z.ZodType && field.safeParse(undefined).success),
    schema: field instanceof z.ZodType ? book.add(field) : {},
  }));
}

/** What authentication and a body bring with them. */
export function problemsOf(route: Route): ProblemCode[] {
  const always: ProblemCode[] = ['malformed_request', 'headers_too_large', 'internal'];
  const auth: ProblemCode[] = route.access === 'public' ? [] : ['unauthenticated', 'forbidden', 'unavailable'];
  const body: ProblemCode[] =
    route.body === undefined
      ? []
      : ['malformed_json', 'request_timeout', 'too_large', 'unsupported_media_type', 'invalid', 'card_number_rejected'];
  // A parameter that a route does not know is refused; the gate's query is the visitor's.
  const query: ProblemCode[] = route.method === 'any' ? [] : ['invalid'];
  return [...new Set([...always, ...auth, ...query, ...body, ...(route.problems ?? [])])];
}

function problemResponses(route: Route): Record<string, Json> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(route)) {
    const { status } = problemCodes[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${problemCodes[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: ref('Problem') } } },
      },
    ]),
  );
}

function replyResponse(reply: ReplySpec, book: SchemaBook): Json {
  const headers = Object.entries(reply.headers ?? {}).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  const mediaType = reply.mediaType ?? 'application/json';
  const content = {
    ...(reply.schema === undefined ? {} : { schema: book.add(reply.schema) }),
    ...(reply.example === undefined ? {} : { example: reply.example }),
  };
  const hasContent = reply.mediaType !== undefined || reply.schema !== undefined;
  return {
    description: reply.description,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...(hasContent ? { content: { [mediaType]: content } } : {}),
  };
}

function accessText(route: Route): string {
  if (route.access === 'public') return 'No key needed.';
  if (route.access === 'metrics') return 'Without a key on loopback; elsewhere role: admin.';
  return `Roles: ${rolesThatMayCall(route.access)}.`;
}

function operation(route: Route, method: string, book: SchemaBook): OpenApiOperation {
  const parameters = [
    ...parametersOf(route.params, 'path', book),
    ...parametersOf(route.query, 'query', book),
    ...parametersOf(route.headers, 'header', book),
  ];
  const replies = Object.entries(route.replies).map(([status, reply]) => [status, replyResponse(reply, book)] as const);
  const { body } = route;
  const takesBody = body !== undefined && method === 'post';
  return {
    operationId: route.method === 'any' && method !== 'get' ? `${route.id}By${method}` : route.id,
    summary: route.summary,
    description: [route.description, accessText(route)].filter((text) => text !== undefined).join('\n\n'),
    tags: [route.tag],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(takesBody
      ? {
          requestBody: {
            required: route.method !== 'any',
            content: { 'application/json': { schema: book.add(body.schema), example: body.example } },
          },
        }
      : {}),
    responses: { ...Object.fromEntries(replies), ...problemResponses(route) },
    security: route.access === 'public' ? [] : [{ bearer: [] }],
  };
}

const methodsOf = (route: Route): readonly string[] => (route.method === 'any' ? ['get', 'post'] : [route.method]);

/** OpenAPI 3.1, made from the same records as the router. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const book = new SchemaBook();
  book.add(problemReplySchema);
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const route of routes) {
    const path = route.path.replace('{suffix}', '');
    const operations = methodsOf(route).map((method) => [method, operation(route, method, book)] as const);
    paths[path] = { ...paths[path], ...Object.fromEntries(operations) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Portcullis',
      version: '1',
      description: 'Scores signups and API keys against declarative rules and holds the risky ones for verification.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: book.components,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A service key: `pk_…`' } },
    },
  };
}
