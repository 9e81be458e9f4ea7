import { describe, expect, it } from '@jest/globals';
import { docsPage } from '../../../src/http/docs-page.js';
import { openApiDocument } from '../../../src/http/openapi.js';
import { allRoutes } from '../../../src/http/routes.js';
import { problemCodes } from '../../../src/model/problem.js';
import { memoryServices, noSession } from '../../support/http-fixture.js';

const { services } = memoryServices();
const routes = allRoutes({ services, isDraining: () => false, session: noSession });
const document = openApiDocument(routes);

/** Every object in the document with the way to it. */
function* objects(value: unknown, path = ''): Generator<[string, Record<string, unknown>]> {
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* objects(item, `${path}/${i}`);
  else if (typeof value === 'object' && value !== null) {
    yield [path, { ...value }];
    for (const [key, item] of Object.entries(value)) yield* objects(item, `${path}/${key}`);
  }
}

function resolve(pointer: string): unknown {
  let value: unknown = document;
  for (const step of pointer.replace('#/', '').split('/')) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  }
  return value;
}

describe('the OpenAPI document', () => {
  it('has every route of the registry', () => {
    for (const route of routes) {
      const methods = route.method === 'any' ? ['get', 'post'] : [route.method];
      for (const method of methods) expect(document.paths[route.path.replace('{suffix}', '')]).toHaveProperty(method);
    }
  });

  it('names all roles that may call a route', () => {
    const described = (path: string) => document.paths[path]?.get?.description;
    expect(described('/v1/accounts/{id}')).toMatch(/Roles: reviewer, senior, admin\.$/);
    expect(described('/v1/webhook-endpoints')).toMatch(/Roles: admin\.$/);
  });

  it('shows numbers of a query as numbers, with what is meant where they are left out', () => {
    const shown = (path: string, name: string) =>
      document.paths[path]?.get?.parameters?.find((parameter) => parameter.name === name);
    expect(shown('/v1/cases', 'limit')).toMatchObject({
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    });
    expect(shown('/v1/cases', 'min_score')).toMatchObject({
      required: false,
      schema: { type: 'number', minimum: 0, maximum: 100 },
    });
  });

  it('has no reference that leads nowhere, and no two operations of one name', () => {
    const refs = [...objects(document)].flatMap(([, object]) => (typeof object.$ref === 'string' ? [object.$ref] : []));
    expect(refs.length).toBeGreaterThan(50);
    for (const ref of refs) expect([ref, resolve(ref)]).toEqual([ref, expect.any(Object)]);
    const ids = [...objects(document.paths)].flatMap(([, object]) => object.operationId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names the parameters of every path, and describes every answer', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const operation of Object.values(methods)) {
        const declared = (operation.parameters ?? []).filter((one) => one.in === 'path').map((one) => one.name);
        expect([path, declared]).toEqual([path, named]);
        expect(Object.keys(operation.responses).length).toBeGreaterThan(1);
        for (const response of Object.values(operation.responses))
          expect(response.description).toEqual(expect.any(String));
      }
    }
  });

  it('carries JSON Schema 2020-12 without leftovers of single documents', () => {
    const text = JSON.stringify(document);
    expect(text).not.toMatch(/\$defs|"\$schema"|__schema|__shared/);
    for (const name of ['Event', 'Decision', 'Problem', 'Case', 'Claim', 'GateAnswer']) {
      expect(document.components.schemas).toHaveProperty(name);
    }
  });

  it('shows examples that the routes take', () => {
    for (const route of routes) {
      if (route.body !== undefined)
        expect([route.path, route.body.schema.safeParse(route.body.example).success]).toEqual([route.path, true]);
      for (const reply of Object.values(route.replies)) {
        if (reply.example !== undefined) expect(reply.schema?.safeParse(reply.example).success).toBe(true);
      }
    }
  });

  it('names problem codes that exist', () => {
    for (const route of routes) for (const code of route.problems ?? []) expect(problemCodes).toHaveProperty(code);
  });

  it('says that nobody signs in or out while the database is away', () => {
    const places = new Set([...objects(document)].map(([path]) => path));
    for (const method of ['post', 'delete']) expect(places).toContain(`/paths//v1/session/${method}/responses/503`);
  });

  it('is the same document each time', () => {
    expect(JSON.stringify(openApiDocument(routes))).toBe(JSON.stringify(document));
  });
});

describe('the page', () => {
  it('names every operation, and lets no mark-up through', () => {
    const page = docsPage({ ...document, info: { ...document.info, description: '<img src=x onerror=alert(1)>' } });
    for (const [path, methods] of Object.entries(document.paths)) {
      expect(page).toContain(path);
      for (const operation of Object.values(methods)) expect(page).toContain(`id="${operation.operationId}"`);
    }
    expect(page).not.toContain('<img');
  });
});
