import { z } from 'zod';
import { problem } from '../../model/problem.js';
import { err, ok } from '../../model/result.js';
import { docsPage } from '../docs-page.js';
import type { HttpServices, ReadinessCheck } from '../http-services.js';
import { openApiDocument } from '../openapi.js';
import { type Answer, answer, none, type Route, route } from '../route.js';

/** A dependency that needs longer is as good as gone. */
const patienceMs = 1_000;

const common = { method: 'get', tag: 'Service', access: 'public', params: none, frequent: true } as const;
/** Probes and scrapers may add what they like. */
const anyQuery = z.object({});

async function isReady(check: ReadinessCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, patienceMs, false);
  });
  const asked = check.check().then(
    () => true,
    () => false,
  );
  const ready = await Promise.race([asked, patience]);
  clearTimeout(timer);
  return ready;
}

async function readiness(services: HttpServices, isDraining: () => boolean): Promise<Answer> {
  const known = services.readiness.filter(({ isKnown }) => isKnown?.() !== false);
  const ready = await Promise.all(known.map(isReady));
  const words = ({ isBearable }: ReadinessCheck): string => (isBearable === true ? 'degraded' : 'not ready');
  const checks = Object.fromEntries(known.map((check, i) => [check.name, ready[i] === true ? 'ok' : words(check)]));
  const missing = Object.keys(checks).filter((name) => checks[name] === 'not ready');
  if (isDraining()) missing.push('the service is shutting down');
  if (missing.length === 0) return answer({ status: 'ready', checks });
  const detail = `not ready: ${missing.join(', ')}`;
  return err({ ...problem('unavailable', { detail, retryAfterSeconds: 1 }), members: { checks } });
}

const probeSchema = z.strictObject({ status: z.string() });
const readySchema = z.strictObject({ status: z.string(), checks: z.record(z.string(), z.string()) });

function probes(services: HttpServices, isDraining: () => boolean): Route[] {
  const live = route(
    {
      ...common,
      path: '/livez',
      id: 'live',
      summary: 'Is the process alive?',
      query: anyQuery,
      replies: { 200: { description: 'It is', schema: probeSchema } },
    },
    () => answer({ status: 'live' }),
  );
  const ready = route(
    {
      ...common,
      path: '/readyz',
      id: 'ready',
      summary: 'Is everything there that the service needs?',
      query: anyQuery,
      problems: ['unavailable'],
      replies: { 200: { description: 'It is', schema: readySchema } },
    },
    () => readiness(services, isDraining),
  );
  return [live, ready];
}

function metrics({ metrics: all }: HttpServices): Route {
  return route(
    {
      ...common,
      path: '/metrics',
      id: 'metrics',
      access: 'metrics',
      summary: 'Prometheus metrics; without a key on loopback only',
      query: anyQuery,
      replies: { 200: { description: 'Prometheus text', mediaType: 'text/plain' } },
    },
    async () => ok({ status: 200, text: { type: all.contentType, body: await all.text() } }),
  );
}

function documents(routes: () => readonly Route[]): Route[] {
  let json: string | undefined;
  let html: string | undefined;
  const document = route(
    {
      ...common,
      path: '/openapi.json',
      id: 'openapi',
      summary: 'This document',
      query: none,
      replies: { 200: { description: 'OpenAPI 3.1', mediaType: 'application/json' } },
    },
    () => {
      json ??= JSON.stringify(openApiDocument(routes()));
      return ok({ status: 200, text: { type: 'application/json; charset=utf-8', body: json } });
    },
  );
  const page = route(
    {
      ...common,
      path: '/docs',
      id: 'docs',
      summary: 'This document as a page',
      query: none,
      replies: { 200: { description: 'HTML', mediaType: 'text/html' } },
    },
    () => {
      html ??= docsPage(openApiDocument(routes()));
      return ok({ status: 200, text: { type: 'text/html; charset=utf-8', body: html } });
    },
  );
  return [document, page];
}

/** For whatever watches the process. */
export const probeRoutes = (services: HttpServices, isDraining: () => boolean): Route[] => [
  ...probes(services, isDraining),
  metrics(services),
];

export const systemRoutes = (
  services: HttpServices,
  isDraining: () => boolean,
  routes: () => readonly Route[],
): Route[] => [...probeRoutes(services, isDraining), ...documents(routes)];
