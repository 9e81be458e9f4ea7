import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { ServiceRole } from '../model/service-key.js';
import { StoreUnavailable } from '../model/store-unavailable.js';
import { type Authenticate, type Caller, secretOf } from './authenticate.js';
import { isFromOwnPage, type Session, type SessionCookies } from './console/session-cookie.js';
import type { HttpOptions } from './http-options.js';
import type { HttpServices } from './http-services.js';
import { readQuery } from './query-values.js';
import { RequestAborted } from './read-body.js';
import { readJson, readText } from './read-json.js';
import { problemReply, type Refusal, type Reply, sendReply } from './reply.js';
import { mayCall, rolesThatMayCall } from './roles.js';
import type { Route } from './route.js';

/** Contract, section 4. */
const maxBodyBytes = 65_536;

const requestIdForm = /^[A-Za-z0-9_.:-]{1,128}$/;
const loopback = /^(?:::ffff:)?127\.|^::1$/;

const anonymous: Caller = { keyId: 'anonymous', role: 'integration' };

/** One request on its way through. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly startedAt: number;
  /** Of the registry; `none` when no route took the request. */
  readonly route: Route | undefined;
  /** Not known before the key was looked at. */
  caller?: Caller;
}

/** Straight from a local process, not through a proxy that runs here too. */
const isLocal = ({ socket, headers }: IncomingMessage): boolean =>
  loopback.test(socket.remoteAddress ?? '') && !('x-forwarded-for' in headers) && !('forwarded' in headers);

function forbidden(allowed: readonly ServiceRole[]): Refusal {
  return problem('forbidden', { detail: `this needs a key with one of the roles ${rolesThatMayCall(allowed)}` });
}

const unauthenticated = (detail: string, error = ''): Refusal => ({
  ...problem('unauthenticated', { detail }),
  headers: { 'WWW-Authenticate': `Bearer realm="portcullis"${error}` },
});

interface HandlerParts {
  readonly services: HttpServices;
  readonly options: HttpOptions;
  readonly authenticate: Authenticate;
  readonly cookies: SessionCookies;
  readonly isDraining: () => boolean;
}

interface Admitted {
  readonly params: Record<string, unknown>;
  readonly caller: Caller;
  /** For routes of which only so many work at once. */
  readonly turn: Turn | undefined;
}

/** Resolves when it may work, or with why it may not. */
type Turn = () => Promise<Problem | undefined>;

/** Work begins when the body is there. */
async function inTurn<T>(reading: Promise<Result<T, Problem>>, turn: Turn | undefined): Promise<Result<T, Problem>> {
  const body = await reading;
  const refusal = body.ok ? await turn?.() : undefined;
  return refusal === undefined ? body : err(refusal);
}

/** Serves routes of the registry and everything that is none; every answer of the API leaves through here. */
export class RequestHandler {
  readonly #services: HttpServices;
  readonly #options: HttpOptions;
  readonly #authenticate: Authenticate;
  readonly #cookies: SessionCookies;
  readonly #isDraining: () => boolean;
  /** With who reads them. */
  readonly #streams = new Map<ServerResponse, Caller>();

  constructor({ services, options, authenticate, cookies, isDraining }: HandlerParts) {
    this.#services = services;
    this.#options = options;
    this.#authenticate = authenticate;
    this.#cookies = cookies;
    this.#isDraining = isDraining;
  }

  /** Never rejects: whatever goes wrong is answered. */
  async serve(route: Route, request: IncomingMessage, response: ServerResponse, params = {}): Promise<void> {
    const exchange = this.#begin(request, response, route);
    try {
      const answer = await this.#admit(exchange, route, params);
      if (answer.ok) this.#send(exchange, answer.value);
      else this.#send(exchange, problemReply(answer.error, exchange.requestId));
    } catch (error) {
      this.#fail(exchange, error);
    }
  }

  /** For requests that no route takes. */
  refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
    const exchange = this.#begin(request, response, undefined);
    this.#send(exchange, problemReply(refusal, exchange.requestId));
  }

  /** For what needs no route, such as OPTIONS. */
  answer(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
    this.#send(this.#begin(request, response, undefined), reply);
  }

  /** A stream would hold up the end for as long as its reader likes; the reader comes back by itself. */
  endStreams(): void {
    for (const response of this.#streams.keys()) response.end();
  }

  /** Whoever reads them with this key, or in this session, may not any more. */
  endStreamsOf(gone: { readonly keyId: string } | { readonly sessionId: string }): void {
    for (const [response, reader] of this.#streams) {
      const isTheirs = 'keyId' in gone ? reader.keyId === gone.keyId : reader.sessionId === gone.sessionId;
      if (isTheirs) response.end();
    }
  }

  /** For what a router or a mounted part throws. */
  crash(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    this.#fail(this.#begin(request, response, undefined), error);
  }

  #begin(request: IncomingMessage, response: ServerResponse, route: Route | undefined): Exchange {
    const given = request.headers['x-request-id'];
    const known = typeof given === 'string' && requestIdForm.test(given);
    const requestId = known ? given : this.#services.newId('req');
    return { request, response, requestId, startedAt: performance.now(), route };
  }

  async #admit(exchange: Exchange, route: Route, params: Record<string, unknown>): Promise<Result<Reply, Refusal>> {
    if (exchange.request.httpVersion === '1.1' && exchange.request.headers.host === undefined) {
      return err(problem('malformed_request', { detail: 'the Host header is missing' }));
    }
    const caller = await this.#identify(exchange.request, route);
    if (!caller.ok) return caller;
    exchange.caller = caller.value;
    const run = (turn?: Turn) => this.#run(exchange, route, { params, caller: caller.value, turn });
    return route.bounded === true ? this.#bounded(route, caller.value, run) : run();
  }

  async #identify(request: IncomingMessage, route: Route): Promise<Result<Caller, Refusal>> {
    if (route.access === 'public' || (route.access === 'metrics' && isLocal(request))) return ok(anonymous);
    const sent = secretOf(request.headers);
    const session = sent === undefined ? await this.#openSession(request) : undefined;
    const secret = sent ?? session?.secret;
    if (secret === undefined)
      return err(unauthenticated('send a service key as Authorization: Bearer, or as X-Portcullis-Key'));
    if (session !== undefined && !isFromOwnPage(request.headers, request.method))
      return err(problem('forbidden', { detail: 'a session is good for requests of the console itself only' }));
    const caller = await this.#authenticate(secret);
    if (caller === undefined) return err(unauthenticated('this key is not known here', ', error="invalid_token"'));
    const allowed: readonly ServiceRole[] = route.access === 'metrics' ? ['admin'] : route.access;
    if (!mayCall(caller.role, allowed)) return err(forbidden(allowed));
    return ok(session === undefined ? caller : { ...caller, sessionId: session.id });
  }

  async #openSession({ headers }: IncomingMessage): Promise<Session | undefined> {
    const session = this.#cookies.sessionOf(headers, this.#services.clock.now());
    if (session === undefined || (await this.#services.closedSessions.isClosed(session.id))) return undefined;
    return session;
  }

  /** Refuses before the body is read: shedding must cost next to nothing. */
  async #bounded<T>(
    route: Route,
    { keyId }: Caller,
    work: (turn: Turn) => Promise<Result<T, Refusal>>,
  ): Promise<Result<T, Refusal>> {
    const visit = this.#services.admission.enter(keyId);
    if (visit === undefined) return err(this.#shed(route));
    try {
      return await work(async () => {
        const turn = visit.turn();
        this.#countEvaluations();
        return (await turn) ? undefined : this.#shed(route);
      });
    } finally {
      visit.leave();
      this.#countEvaluations();
    }
  }

  #shed(route: Route): Problem {
    this.#services.metrics.shed.inc({ route: route.path });
    return problem('unavailable', { detail: 'too many evaluations at once', retryAfterSeconds: 1 });
  }

  #countEvaluations(): void {
    const { admission, metrics } = this.#services;
    metrics.evaluationsInFlight.set(admission.inside);
    metrics.evaluationsWaiting.set(admission.waiting);
    metrics.evaluationPlaces.set(admission.places);
  }

  #run({ request }: Exchange, route: Route, { params, caller, turn }: Admitted) {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const limits = {
      maxBytes: route.body?.maxBytes ?? maxBodyBytes,
      timeoutMs: this.#options.bodyTimeoutMs,
    };
    return route.run({
      params,
      // The gate's query belongs to the visitor's request and means nothing here.
      query: mark < 0 || route.method === 'any' ? {} : readQuery(url.slice(mark + 1)),
      headers: request.headers,
      method: request.method ?? 'GET',
      path: mark < 0 ? url : url.slice(0, mark),
      caller,
      now: this.#services.clock.now(),
      readText: () => inTurn(readText(request, limits), turn),
      readJson: () => inTurn(readJson(request, limits), turn),
    });
  }

  #fail(exchange: Exchange, error: unknown): void {
    if (error instanceof RequestAborted) {
      this.#services.log.debug({ request_id: exchange.requestId }, 'the caller went away');
      return;
    }
    const away = error instanceof StoreUnavailable;
    this.#services.log.error(
      { request_id: exchange.requestId, route: exchange.route?.path, error },
      away ? 'a store could not be reached' : 'a request failed',
    );
    const refusal = away ? problem('unavailable', { retryAfterSeconds: 1 }) : problem('internal');
    if (exchange.response.headersSent) exchange.response.destroy();
    else this.#send(exchange, problemReply(refusal, exchange.requestId));
  }

  #send(exchange: Exchange, reply: Reply): void {
    const { response, requestId, caller } = exchange;
    if (reply.stream !== undefined && caller !== undefined && !response.destroyed) {
      this.#streams.set(response, caller);
      response.once('close', () => this.#streams.delete(response));
    }
    if (!response.destroyed)
      sendReply(response, reply, {
        requestId,
        close: this.#isDraining() || reply.status === 408,
        onBroken: (error) => this.#fail(exchange, error),
      });
    this.#record(exchange, reply.status);
  }

  /** The route's template, never the path: paths hold account ids. */
  #record({ request, requestId, startedAt, route }: Exchange, status: number): void {
    const { metrics, log } = this.#services;
    const ms = performance.now() - startedAt;
    const path = route?.path ?? 'none';
    const method = request.method ?? '';
    metrics.httpRequests.inc({ route: path, method: route === undefined ? 'any' : method, status: String(status) });
    metrics.httpSeconds.observe({ route: path }, ms / 1000);
    const fields = { request_id: requestId, route: path, method, status, ms: Math.round(ms * 100) / 100 };
    if (route?.frequent === true || status === 404) log.debug(fields, 'answered');
    else log.info(fields, 'answered');
  }
}
