import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mayCall } from '../../src/http/roles.js';
import type { Route } from '../../src/http/route.js';
import { allRoutes } from '../../src/http/routes.js';
import { type ServiceRole, serviceRoles } from '../../src/model/service-key.js';
import { memoryServices, noSession, startHttp } from '../support/http-fixture.js';

let api: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  api = await startHttp();
});
afterAll(() => api.close());

const { services } = memoryServices();
const routes = allRoutes({ services, isDraining: () => false, session: noSession });
const guarded = routes.filter((route) => typeof route.access !== 'string');

const method = (route: Route): string => (route.method === 'any' ? 'GET' : route.method.toUpperCase());
const path = (route: Route): string =>
  route.path.replace('{suffix}', '').replace(/\{(?:id|name|value|account_id|batch_id|key)\}/g, 'nothing');

/** The table of the contract, written once more by hand: who may do what. */
const contract: Readonly<Record<string, readonly ServiceRole[]>> = {
  'POST /v1/evaluations': ['integration'],
  'POST /v1/evaluations:simulate': ['author'],
  'GET /v1/decisions/nothing': ['reviewer', 'senior'],
  'GET /v1/decisions/nothing/explanation': ['reviewer', 'senior'],
  'GET /v1/decisions/nothing/usual': ['reviewer', 'senior'],
  'GET /v1/decisions': ['reviewer', 'senior'],
  'GET /v1/decisions:inputs': ['author', 'reviewer', 'senior'],
  'GET /v1/gate/check': ['gateway'],
  'GET /v1/accounts/nothing': ['reviewer', 'senior'],
  'POST /v1/accounts/nothing/hold': ['reviewer', 'senior'],
  'POST /v1/accounts/nothing/release': ['reviewer', 'senior'],
  'POST /v1/accounts/nothing/deny': ['reviewer', 'senior'],
  'POST /v1/accounts/nothing/verifications': ['worker'],
  'POST /v1/accounts/nothing/labels': ['reviewer', 'senior', 'integration'],
  'POST /v1/accounts/nothing/verification-link': ['integration', 'worker'],
  'POST /v1/appeals': ['privacy'],
  'GET /v1/appeals': ['reviewer', 'senior', 'privacy'],
  'GET /v1/appeals/nothing': ['reviewer', 'senior', 'privacy'],
  'GET /v1/cases': ['worker', 'reviewer', 'senior'],
  'GET /v1/cases/nothing': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases:next': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases:decide': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases:undo': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases/nothing/claim': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases/nothing/heartbeat': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases/nothing/unclaim': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases/nothing/decisions': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases/nothing/notes': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases/nothing/snooze': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases/nothing/escalate': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases/nothing/assign': ['reviewer', 'senior'],
  'GET /v1/workload': ['worker', 'reviewer', 'senior'],
  'POST /v1/cases/nothing/undo': ['worker', 'reviewer', 'senior'],
  'GET /v1/rings': ['reviewer', 'senior'],
  'GET /v1/rings/nothing': ['reviewer', 'senior'],
  'GET /v1/rings/nothing/graph': ['reviewer', 'senior'],
  'GET /v1/rings/nothing/members': ['reviewer', 'senior'],
  'POST /v1/rings/nothing/undo': ['senior'],
  'POST /v1/rings/nothing/decisions': ['senior'],
  'POST /v1/rings/nothing/decisions/nothing/confirm': ['senior'],
  'GET /v1/rings/nothing/batches': ['reviewer', 'senior'],
  'GET /v1/rings/nothing/batches/nothing': ['reviewer', 'senior'],
  'GET /v1/rings/nothing/hubs': ['reviewer', 'senior'],
  'POST /v1/rings/nothing/hubs': ['senior'],
  'DELETE /v1/rings/nothing/hubs/nothing': ['senior'],
  'GET /v1/rules': ['author', 'reviewer', 'senior'],
  'GET /v1/rules/trial': ['author'],
  'POST /v1/rules/nothing/fuse/reset': ['author'],
  'GET /v1/rulesets/current': ['author', 'reviewer', 'senior'],
  'GET /v1/rulesets/nothing': ['author'],
  'POST /v1/rulesets:validate': ['author'],
  'POST /v1/rulesets:forget': ['privacy'],
  'GET /v1/keys': [],
  'GET /v1/keys:names': ['worker', 'reviewer', 'senior', 'author', 'privacy'],
  'POST /v1/keys': [],
  'DELETE /v1/keys/nothing': [],
  'GET /v1/lists': ['author', 'senior'],
  'GET /v1/lists/nothing/entries': ['author', 'senior'],
  'POST /v1/lists/nothing/entries': ['author', 'senior'],
  'DELETE /v1/lists/nothing/entries/nothing': ['author', 'senior'],
  'POST /v1/lists/nothing/entries/nothing/confirm': ['author', 'senior'],
  'GET /v1/webhook-endpoints': [],
  'POST /v1/webhook-endpoints': [],
  'GET /v1/webhook-endpoints/nothing': [],
  'POST /v1/webhook-endpoints/nothing': [],
  'DELETE /v1/webhook-endpoints/nothing': [],
  'POST /v1/webhook-endpoints/nothing/rotate': [],
  'GET /v1/webhook-deliveries': [],
  'POST /v1/webhook-deliveries/nothing/retry': [],
  'GET /v1/audit': ['privacy', 'senior'],
  'GET /v1/audit/verification': [],
  'DELETE /v1/subjects/nothing': ['privacy'],
  'GET /v1/subjects/nothing/export': ['privacy'],
  'GET /v1/session': [...serviceRoles].filter((role) => role !== 'admin'),
  'GET /v1/overview': ['reviewer', 'senior', 'author'],
  'GET /v1/live': ['worker', 'reviewer', 'senior', 'author', 'privacy'],
};

describe('roles', () => {
  it('guard what the contract says, and only health, metrics and documents are open', () => {
    expect(guarded.map((route) => `${method(route)} ${path(route)}`).sort()).toEqual(Object.keys(contract).sort());
    const open = routes.filter((route) => !guarded.includes(route)).map((route) => route.path);
    expect(open.sort()).toEqual([
      '/docs',
      '/livez',
      '/metrics',
      '/openapi.json',
      '/readyz',
      '/v1/session',
      '/v1/session',
      '/v1/verification-callbacks',
    ]);
  });

  describe.each(guarded)('$method $path', (route) => {
    const allowed = contract[`${method(route)} ${path(route)}`] ?? [];

    it.each(serviceRoles)('answers %s as its row says', async (role) => {
      const reply = await api.send(method(route), path(route), { role });
      const may = role === 'admin' || allowed.includes(role);
      expect(Array.isArray(route.access) && mayCall(role, route.access)).toBe(may);
      expect(reply.json.code === 'forbidden').toBe(!may);
      if (!may) expect(reply).toMatchObject({ status: 403, json: { detail: expect.stringContaining('admin') } });
      expect(reply.status).not.toBe(401);
      expect(reply.status).toBeLessThan(500);
    });

    it('wants a key', async () => {
      expect((await api.send(method(route), path(route))).json.code).toBe('unauthenticated');
      const unknown = await api.send(method(route), path(route), { key: 'pk_nobody_00000000' });
      expect(unknown.json.code).toBe('unauthenticated');
    });
  });
});
