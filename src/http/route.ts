import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { type CardExemptions, inspectJson } from '../model/inspect-json.js';
import type { Problem, ProblemCode } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { ServiceRole } from '../model/service-key.js';
import type { Instant } from '../model/time.js';
import { validate } from '../model/validate.js';
import type { Caller } from './authenticate.js';
import type { Refusal, Reply } from './reply.js';
import type { RouteAccess } from './roles.js';

export type Answer = Result<Reply, Refusal>;

/** A request as the engine hands it to a route, nothing parsed yet. */
export interface RawCall {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** Path without query, as it was sent. */
  readonly path: string;
  readonly caller: Caller;
  readonly now: Instant;
  /** The body as it came, for what is signed over its bytes. Once, and instead of `readJson`. */
  readonly readText: () => Promise<Result<string, Problem>>;
  /** Reads the body once; only routes that take one call it. */
  readonly readJson: () => Promise<Result<unknown, Problem>>;
}

interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly headers: IncomingHttpHeaders;
  /** Who acts, for audit: the id of the key. */
  readonly actor: string;
  readonly role: ServiceRole;
  readonly now: Instant;
}

/** How a body is checked; `schema` is what the document shows. */
export interface BodySpec<B> {
  readonly schema: z.ZodType;
  readonly example: unknown;
  /** Only where the usual 64 KiB are too few. */
  readonly maxBytes?: number | undefined;
  parse(value: unknown): Result<B, Problem>;
}

export interface ReplySpec {
  readonly description: string;
  readonly schema?: z.ZodType | undefined;
  readonly example?: unknown;
  /** Of text answers. */
  readonly mediaType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export type Method = 'get' | 'post' | 'delete' | 'any';

/** What the document, the router and the tests know of a route. */
export interface RouteInfo {
  readonly method: Method;
  /** `/v1/decisions/{id}`; a final `{suffix}` takes whatever follows. */
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string | undefined;
  readonly access: RouteAccess;
  readonly replies: Readonly<Record<number, ReplySpec>>;
  /** Besides those that follow from authentication and from having a body. */
  readonly problems?: readonly ProblemCode[] | undefined;
  /** Shares the bound of evaluations in flight. */
  readonly bounded?: boolean | undefined;
  /** Written to the log only at debug. */
  readonly frequent?: boolean | undefined;
}

export interface Route extends RouteInfo {
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** Request headers that mean something to the route. */
  readonly headers?: z.ZodType | undefined;
  readonly body?: Pick<BodySpec<unknown>, 'schema' | 'example' | 'maxBytes'> | undefined;
  run(call: RawCall): Promise<Answer>;
}

const noCardExemptions: CardExemptions = { ids: new Set(), phones: new Set() };

interface JsonBodyOptions {
  readonly example: unknown;
  readonly cards?: CardExemptions | undefined;
  readonly maxBytes?: number | undefined;
}

/** A body that fits one schema and holds no card number. */
export function jsonBody<B>(schema: z.ZodType<B>, options: JsonBodyOptions): BodySpec<B> {
  return {
    schema,
    example: options.example,
    maxBytes: options.maxBytes,
    parse(value) {
      const unfit = inspectJson(value, options.cards ?? noCardExemptions);
      if (unfit !== undefined) return err(unfit);
      return validate(schema, value);
    },
  };
}

/** For routes without parameters, or without a query: anything given is refused. */
export const none = z.strictObject({});

interface RouteSpec<P, Q, B> extends RouteInfo {
  readonly params: z.ZodType<P>;
  readonly query: z.ZodType<Q>;
  readonly body?: BodySpec<B>;
}

type Handle<P, Q, B> = (call: Call<P, Q, B>) => Promise<Answer> | Answer;

/** A pointer leads into a body: parameters of the query go by their names. */
const parameterOf = (pointer: string): string => pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');

function parameterDetail(given: unknown, detail: string): string {
  if (detail.startsWith('unknown key')) return detail.replace('unknown key', 'unknown parameter');
  return Array.isArray(given) ? `expected once, given ${given.length} times` : detail;
}

function parseQuery<Q>(schema: z.ZodType<Q>, query: RawCall['query']): Result<Q, Refusal> {
  const parsed = validate(schema, query);
  if (parsed.ok) return parsed;
  const errors = (parsed.error.errors ?? []).map(({ pointer, detail }) => {
    const parameter = parameterOf(pointer);
    return { parameter, detail: parameterDetail(query[parameter], detail) };
  });
  const wrong = errors.map(({ parameter, detail }) => `${parameter}: ${detail}`).join('; ');
  return err({ code: 'invalid', detail: `query parameters: ${wrong}`, members: { errors } });
}

/** An id that cannot exist is not found. */
function parseParams<P>(schema: z.ZodType<P>, params: unknown): Result<P, Problem> {
  const parsed = validate(schema, params);
  return parsed.ok ? parsed : err({ code: 'not_found' });
}

async function parseBody<B>(body: BodySpec<B>, call: RawCall): Promise<Result<B, Problem>> {
  const value = await call.readJson();
  return value.ok ? body.parse(value.value) : value;
}

function parseCall<P, Q>(spec: RouteSpec<P, Q, unknown>, call: RawCall): Result<Call<P, Q, undefined>, Refusal> {
  const params = parseParams(spec.params, call.params);
  if (!params.ok) return params;
  const query = parseQuery(spec.query, call.query);
  if (!query.ok) return query;
  const { headers, caller, now } = call;
  const { keyId: actor, role } = caller;
  return ok({ params: params.value, query: query.value, body: undefined, headers, actor, role, now });
}

/** A route whose parameters and query are checked before `handle` sees them. */
export function route<P, Q>(spec: Omit<RouteSpec<P, Q, never>, 'body'>, handle: Handle<P, Q, undefined>): Route {
  return {
    ...spec,
    async run(raw) {
      const call = parseCall(spec, raw);
      return call.ok ? handle(call.value) : call;
    },
  };
}

/** The same with a JSON body, which is read last. */
export function bodyRoute<P, Q, B>(
  spec: RouteSpec<P, Q, B> & { readonly body: BodySpec<B> },
  handle: Handle<P, Q, B>,
): Route {
  return {
    ...spec,
    async run(raw) {
      const call = parseCall(spec, raw);
      if (!call.ok) return call;
      const body = await parseBody(spec.body, raw);
      return body.ok ? handle({ ...call.value, body: body.value }) : body;
    },
  };
}

/** 200 with JSON. */
export const answer = (json: unknown): Answer => ok({ status: 200, json });
