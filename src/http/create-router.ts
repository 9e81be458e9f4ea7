import { createHash } from 'node:crypto';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { problem } from '../model/problem.js';
import { docsStyle } from './docs-page.js';
import type { HttpOptions, Mount } from './http-options.js';
import type { RequestHandler } from './request-handler.js';
import type { Method, Route } from './route.js';

/** Colons in our paths are letters (`cases:next`); parameters are in braces. */
const expressPath = (path: string): string =>
  path
    .replaceAll(':', '\\:')
    .replace('{suffix}', '{/*suffix}')
    .replace(/\{([a-z_]+)\}/g, ':$1');

const httpName: Readonly<Record<Method, string>> = { get: 'GET, HEAD', post: 'POST', delete: 'DELETE', any: '*' };

function addRoute(app: Express, route: Route, handler: RequestHandler): void {
  const serve = (request: Request, response: Response): void => {
    void handler.serve(route, request, response, route.method === 'any' ? {} : request.params);
  };
  const path = expressPath(route.path);
  if (route.method === 'get') app.get(path, serve);
  else if (route.method === 'post') app.post(path, serve);
  else if (route.method === 'delete') app.delete(path, serve);
  else app.all(path, serve);
}

/** What a path does not take is 405 with what it does take. */
function addOtherMethods(app: Express, path: string, routes: readonly Route[], handler: RequestHandler): void {
  const answer = answerOthers(
    routes.map((route) => httpName[route.method]),
    handler,
  );
  app.all(expressPath(path), answer);
}

function answerOthers(methods: readonly string[], handler: RequestHandler) {
  const allow = [...methods, 'OPTIONS'].join(', ');
  return (request: Request, response: Response): void => {
    if (request.method === 'OPTIONS') handler.answer(request, response, { status: 204, headers: { Allow: allow } });
    else {
      const detail = `this path takes ${allow}`;
      handler.refuse(request, response, { ...problem('method_not_allowed', { detail }), headers: { Allow: allow } });
    }
  };
}

/** What a part passes on is not there, or was asked for in a way that the part does not take. */
function addMount(app: Express, path: string, mount: Mount, handler: RequestHandler): void {
  app.use(path, mount);
  const { methods } = mount;
  if (methods === undefined) return;
  const answer = answerOthers(methods, handler);
  app.use(path, (request, response, next) => (methods.includes(request.method) ? next() : answer(request, response)));
}

function groupByPath(routes: readonly Route[]): Map<string, Route[]> {
  const groups = new Map<string, Route[]>();
  for (const route of routes) groups.set(route.path, [...(groups.get(route.path) ?? []), route]);
  return groups;
}

/** The only HTML of the API: a style sheet of its own, nothing else. */
function docsHeaders() {
  const style = `'sha256-${createHash('sha256').update(docsStyle).digest('base64')}'`;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], styleSrc: [style], baseUri: ["'none'"], frameAncestors: ["'none'"] },
    },
  });
}

const isClientFault = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status' in error && error.status === 400;

/** Express finds the route; our handler does everything else, so that no answer is Express's own. */
export function createRouter(routes: readonly Route[], handler: RequestHandler, options: HttpOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').set('query parser', false);
  app.set('trust proxy', options.trustedProxies);
  app.use('/docs', docsHeaders());
  for (const [path, mount] of Object.entries(options.mounts)) addMount(app, path, mount, handler);
  for (const [path, group] of groupByPath(routes)) {
    for (const route of group) addRoute(app, route, handler);
    addOtherMethods(app, path, group, handler);
  }
  app.use((request: Request, response: Response) => handler.refuse(request, response, problem('not_found')));
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const detail = 'the path is not valid percent-encoded UTF-8';
    if (isClientFault(error)) handler.refuse(request, response, problem('malformed_request', { detail }));
    else handler.crash(request, response, error);
  });
  return app;
}
