import { createServer, IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthenticate } from './authenticate.js';
import { answerClientError, rawProblem } from './client-error.js';
import { createSessionCookies } from './console/session-cookie.js';
import { createRouter } from './create-router.js';
import { defaultHttpOptions, type HttpOptions } from './http-options.js';
import type { HttpServices } from './http-services.js';
import { RequestHandler } from './request-handler.js';
import type { Route } from './route.js';
import { allRoutes, workerRoutes } from './routes.js';

/**
 * The same constructor, making objects with Express's prototype from the start. Express would otherwise change the
 * prototype of every request and response, which is its largest cost by far.
 */
function withPrototype<C extends abstract new (...parameters: never[]) => object>(base: C, prototype: object): C {
  function Made(this: object, first: unknown, second: unknown): void {
    Reflect.apply(base, this, [first, second]);
  }
  Made.prototype = prototype;
  // Node calls it with `new`; the type of a plain function cannot say so.
  return Made as unknown as C;
}

type HotRoutes = (method: string | undefined, url: string) => Route | undefined;

/** Routes without parameters that are called all the time go past the router; everything else about them is the same. */
function hotRoutes(routes: readonly Route[]): HotRoutes {
  const frequent = routes.filter((route) => route.frequent === true && route.path.startsWith('/v1/'));
  const exact = new Map(frequent.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route]));
  const prefixes = frequent
    .filter((route) => route.method === 'any')
    .map((route) => ({ route, path: route.path.replace('{suffix}', '') }));
  return (method, url) => {
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const found = exact.get(`${method} ${path}`);
    if (found !== undefined) return found;
    return prefixes.find((prefix) => path === prefix.path || path.startsWith(`${prefix.path}/`))?.route;
  };
}

function listenToFaults(server: Server, newRequestId: () => string): void {
  server.on('clientError', (error, socket) => answerClientError(error, socket, newRequestId()));
  server.on('connect', (_request, socket) => socket.end(rawProblem('method_not_allowed', newRequestId())));
}

/**
 * Whoever asks before sending a body is told to send it when it is about to be read. Where it is refused unread, nobody knows
 * whether it follows all the same: the connection ends.
 */
function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const { shouldKeepAlive } = response;
  response.shouldKeepAlive = false;
  request.once('resume', () => {
    if (response.headersSent) return;
    response.shouldKeepAlive = shouldKeepAlive;
    response.writeContinue();
  });
}

/** What has no default has to be given. */
type GivenOptions = Partial<HttpOptions> & Pick<HttpOptions, 'sessionSecret'>;

/** The API as an `http.Server` that is not listening yet. Close it with `closeGracefully`. */
export function createHttpServer(services: HttpServices, given: GivenOptions): Server {
  const options: HttpOptions = { ...defaultHttpOptions, ...given };
  const authenticate = createAuthenticate(services.serviceKeys, options.bootstrapKey);
  let hasToEnd = false;
  const isDraining = (): boolean => hasToEnd;
  const cookies = createSessionCookies(options.sessionSecret);
  const parts = { services, isDraining, session: { cookies, authenticate, closed: services.closedSessions } };
  const routes = options.answersApi ? allRoutes(parts) : workerRoutes(parts);
  const handler = new RequestHandler({ services, options, authenticate, cookies, isDraining });
  const app = createRouter(routes, handler, options);
  const hotRoute = hotRoutes(routes);
  const listener: RequestListener = (request, response) => {
    if (hasToEnd) response.shouldKeepAlive = false;
    const hot = hotRoute(request.method, request.url ?? '');
    if (hot === undefined) app(request, response);
    else void handler.serve(hot, request, response);
  };
  const server = createServer(
    {
      IncomingMessage: withPrototype(IncomingMessage, app.request),
      ServerResponse: withPrototype<typeof ServerResponse>(ServerResponse, app.response),
      headersTimeout: options.headersTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      connectionsCheckingInterval: Math.min(options.headersTimeoutMs, 5_000),
      // Node would answer without a body; the handler says what is missing.
      requireHostHeader: false,
    },
    listener,
  );
  // Node would answer 417 without a body; an expectation nobody knows is ignored.
  server.on('checkExpectation', listener);
  server.on('checkContinue', (request, response) => {
    continueWhenRead(request, response);
    listener(request, response);
  });
  server.on(draining, () => {
    hasToEnd = true;
  });
  // Not before: their readers would come back at once, and to this server.
  server.on(closing, () => handler.endStreams());
  services.serviceKeys.onRevoked((keyId) => handler.endStreamsOf({ keyId }));
  services.closedSessions.onClosed((sessionId) => handler.endStreamsOf({ sessionId }));
  listenToFaults(server, () => services.newId('req'));
  return server;
}

/** Events of our own: the server is to come to an end; it takes no new connections any more. */
const draining = 'portcullis:draining';
const closing = 'portcullis:closing';

interface EndingTimes {
  /**
   * For how long it goes on answering, in milliseconds: `/readyz` with 503, so that a balancer sees it, and all with
   * `Connection: close`, so that clients look for another connection by themselves. Not at all where nobody is connected.
   */
  readonly drainMs: number;
  /** What is left after so long, from the beginning on, is cut. */
  readonly deadlineMs: number;
}

/** Tells whoever is connected that the end is near, then takes no new connections and lets requests in flight finish. */
export async function closeGracefully(server: Server, { drainMs, deadlineMs }: EndingTimes): Promise<void> {
  server.emit(draining);
  const waitsMs = (await isAnyoneConnected(server)) ? drainMs : 0;
  if (waitsMs > 0) await sleep(waitsMs);
  await closeWithin(server, deadlineMs - waitsMs);
}

function closeWithin(server: Server, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
    server.emit(closing);
    server.closeIdleConnections();
  });
}

function isAnyoneConnected(server: Server): Promise<boolean> {
  return new Promise((resolve) => {
    server.getConnections((error, count) => resolve(error === null && count > 0));
  });
}
