import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Problem, type ProblemCode, problemCodes } from '../model/problem.js';
import { RequestAborted } from './read-body.js';

/** What a route answers with; `json`, `text`, `pieces`, `stream` or none. */
export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: { readonly type: string; readonly body: string } | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** JSON that is too much to be held: made while it is sent, as fast as it is read. What fails on the way cuts the connection. */
  readonly pieces?: AsyncIterable<string> | undefined;
  /** Server-sent events, until either side ends it. */
  readonly stream?: EventStream | undefined;
}

/** Starts to write; what it answers is called when the reader is gone. */
type EventStream = (write: (text: string) => void) => () => void;

/** A refusal with what a caller needs besides the problem itself. */
export interface Refusal extends Problem {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** RFC 9457 extension members. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
}

/** RFC 9457. `type` is a stable name, not an address to fetch. */
export function problemBody(problem: Refusal, requestId: string): Record<string, unknown> {
  const { status, title } = problemCodes[problem.code];
  return {
    type: `urn:portcullis:problem:${problem.code}`,
    title,
    status,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    code: problem.code,
    request_id: requestId,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    ...problem.members,
  };
}

/** Refusals that pass by themselves: the caller is to come back, in a second unless something else is known. */
const passing: ReadonlySet<ProblemCode> = new Set(['in_flight', 'too_many_requests', 'unavailable']);

function problemHeaders(problem: Refusal): Record<string, string> {
  const seconds = problem.retryAfterSeconds ?? (passing.has(problem.code) ? 1 : undefined);
  return { ...(seconds === undefined ? {} : { 'Retry-After': String(Math.ceil(seconds)) }), ...problem.headers };
}

export const problemReply = (problem: Refusal, requestId: string): Reply => ({
  status: problemCodes[problem.code].status,
  text: { type: 'application/problem+json; charset=utf-8', body: JSON.stringify(problemBody(problem, requestId)) },
  headers: problemHeaders(problem),
});

const jsonType = 'application/json; charset=utf-8';

const bodyOf = (reply: Reply): { type: string; body: string } | undefined =>
  reply.json === undefined ? reply.text : { type: jsonType, body: JSON.stringify(reply.json) };

interface SendOptions {
  readonly requestId: string;
  /** The connection is not to be used again: the body was not read, or the service is going down. */
  readonly close: boolean;
  /** Told when the answer broke off: RequestAborted when its reader went away. */
  readonly onBroken: (error: unknown) => void;
}

/** One `writeHead` with a flat list and one `end`: the cheapest way out of Node. */
export function sendReply(response: ServerResponse, reply: Reply, options: SendOptions): void {
  const headers = ['X-Request-Id', options.requestId, 'Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff'];
  const body = bodyOf(reply);
  if (body !== undefined) {
    headers.push('Content-Type', body.type, 'Content-Length', String(Buffer.byteLength(body.body)));
  } else if (reply.status !== 204 && reply.stream === undefined && reply.pieces === undefined)
    headers.push('Content-Length', '0');
  for (const [name, value] of Object.entries(reply.headers ?? {})) headers.push(name, value);
  if (options.close) headers.push('Connection', 'close');
  if (reply.stream !== undefined) sendStream(response, reply.stream, headers);
  else if (reply.pieces !== undefined) {
    response.writeHead(reply.status, [...headers, 'Content-Type', jsonType]);
    void sendPieces(response, reply.pieces).catch(options.onBroken);
  } else response.writeHead(reply.status, headers).end(body?.body);
}

/** As Node tells that a connection was closed before the answer was whole. */
const isLeft = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

/** Rejects with what the pieces fail with, and with RequestAborted when nobody reads them any more. */
async function sendPieces(response: ServerResponse, pieces: AsyncIterable<string>): Promise<void> {
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(Readable.from(pieces), response).catch((error: unknown) => {
    throw isLeft(error) ? new RequestAborted('the reader went away') : error;
  });
}

/** A reader that does not keep up is cut off; it comes back by itself and asks for everything anew. */
const maxUnsentBytes = 65_536;

function sendStream(response: ServerResponse, stream: EventStream, headers: string[]): void {
  // Proxies that collect answers would hold back what is meant to be live.
  response.writeHead(200, [...headers, 'Content-Type', 'text/event-stream; charset=utf-8', 'X-Accel-Buffering', 'no']);
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  const stop = stream((text) => {
    if (response.writableLength > maxUnsentBytes) response.destroy();
    else response.write(text);
  });
  response.once('close', stop);
}
