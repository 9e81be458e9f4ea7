import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { DecisionLog, StoredDecision } from '../../src/decisions/decision-log.js';
import { explainOutcome } from '../../src/decisions/explain-outcome.js';
import type { PastDecision, PastDecisions, PastDecisionsQuery } from '../../src/decisions/past-decisions.js';
import type { AdmittedQuery } from '../../src/decisions/usual-inputs.js';
import { Admission } from '../../src/evaluate/admission.js';
import type { Evaluator } from '../../src/evaluate/evaluator.js';
import type { DecisionExplanation } from '../../src/evaluate/explain-decision.js';
import type { GateAnswer, GateQuestion } from '../../src/gate/gate-store.js';
import { createSessionCookies } from '../../src/http/console/session-cookie.js';
import { closeGracefully, createHttpServer } from '../../src/http/create-http-server.js';
import { exampleDecision } from '../../src/http/examples.js';
import type { HttpOptions } from '../../src/http/http-options.js';
import type { HttpServices } from '../../src/http/http-services.js';
import type { SessionParts } from '../../src/http/routes/session.js';
import { decisionSchema } from '../../src/model/decision.js';
import type { Event } from '../../src/model/event.js';
import { problem } from '../../src/model/problem.js';
import { err, ok } from '../../src/model/result.js';
import { type ServiceRole, serviceRoles } from '../../src/model/service-key.js';
import type { RingRecords } from '../../src/rings/ring-records.js';
import { defaultPolicy } from '../../src/ruleset/default-policy.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { MemoryCases, memoryQueueFigures } from './memory-cases.js';
import { memoryIntegrations } from './memory-integrations.js';
import { noRingDesk, noRingHubs } from './memory-ring-desk.js';
import { memoryRingRecords } from './memory-ring-records.js';
import { MemoryServiceKeys } from './memory-service-keys.js';
import { memoryStandings } from './memory-standings.js';

export const bootstrapKey = 'a-bootstrap-key-of-more-than-32-characters';

/** Decides the same about everything; `gate` holds evaluations back until it resolves. */
export class MemoryEvaluator implements Evaluator {
  readonly seen = new Map<string, string>();
  gate: Promise<void> = Promise.resolve();

  async evaluate(event: Event) {
    await this.gate;
    const body = JSON.stringify(event);
    const before = this.seen.get(event.event_id);
    if (before !== undefined && before !== body) return err(problem('idempotency_mismatch'));
    this.seen.set(event.event_id, body);
    return ok({ decision: decide(event), replayed: before !== undefined });
  }

  async simulate(event: Event) {
    return ok(decide(event));
  }
}

const decide = (event: Event) =>
  decisionSchema.parse({
    ...exampleDecision,
    event_id: event.event_id,
    type: event.type,
    account_id: event.account.id,
  });

const answers: Readonly<Record<string, GateAnswer>> = {
  acct_admitted: { allowed: true, state: 'admitted', degraded: false },
  acct_limited: { allowed: true, state: 'limited', requestsPerDay: 50, remainingToday: 49, degraded: false },
  acct_spent: {
    allowed: false,
    state: 'limited',
    refusal: 'quota_spent',
    requestsPerDay: 50,
    remainingToday: 0,
    degraded: false,
  },
  acct_held: { allowed: false, state: 'held', refusal: 'not_admitted', degraded: false },
  acct_denied: { allowed: false, state: 'denied', refusal: 'not_admitted', degraded: true },
  acct_zoë: { allowed: true, state: 'admitted', degraded: false },
};
const unknown: GateAnswer = { allowed: false, state: 'unknown', refusal: 'not_admitted', degraded: false };

class MemoryDecisions implements Pick<DecisionLog, 'byId' | 'byAccount' | 'status'>, PastDecisions {
  readonly stored: StoredDecision[] = [];

  add(id: string, accountId: string): void {
    const decision = decisionSchema.parse({ ...exampleDecision, id, account_id: accountId });
    this.stored.unshift({ decision, bodyHash: '', inputs: { 'ip.country': 'US', accounts_per_card_90d: 11 } });
  }

  async byId(id: string) {
    return this.stored.find((one) => one.decision.id === id);
  }

  async byAccount(accountId: string, page: { limit: number; before?: string | undefined }) {
    const own = this.stored.filter((one) => one.decision.account_id === accountId);
    const start = own.findIndex((one) => one.decision.id === page.before) + 1;
    return own.slice(start, start + page.limit);
  }

  async page({ after, limit }: PastDecisionsQuery): Promise<readonly PastDecision[]> {
    const oldest = [...this.stored].reverse();
    const start = oldest.findIndex((one) => one.decision.id === after?.decisionId) + 1;
    return oldest.slice(start, start + limit).map(({ decision, inputs }) => ({
      decision,
      inputs,
      occurredAt: Date.parse(decision.decided_at),
      state: 'held',
      label: undefined,
    }));
  }

  async status(accountId: string) {
    if (!this.stored.some((one) => one.decision.account_id === accountId)) return undefined;
    return {
      access: { accountId, state: 'held' as const, version: 1 },
      verified: false,
      clearedRules: [],
      evidence: {},
      openCaseId: 'case_1',
      pendingVerifications: ['phone' as const],
      firstSeenAt: 1_700_000_000_000,
    };
  }
}

export class ManualClock {
  at = Date.parse('2026-11-21T12:00:00.000Z');
  now = (): number => this.at;
}

const rule = {
  id: 'payment-many-accounts',
  family: 'payment' as const,
  on: ['signup' as const],
  when: 'accounts_per_card_90d >= 3',
  points: '40',
  pointsMax: 100,
  verify: [],
  reason: 'payment.reused',
  title: '{accounts_per_card_90d} accounts',
  owner: 'abuse-team',
  mode: 'live' as const,
  file: 'payment/reuse.yml',
  line: 3,
};

const anExplanation = ({ decision }: StoredDecision): DecisionExplanation => ({
  decision,
  ruleset: { ...decision.ruleset, of: 'then', kept: true },
  rules: [],
  outcome: explainOutcome(
    { hits: [], shadowHits: [] },
    { policy: defaultPolicy, missing: [], reasonOf: () => undefined },
  ),
  evidence: { event: 'readable', missing: {}, agrees: false, notes: [] },
});

/** Ports in memory, everything reachable by the tests. */
export function memoryServices(rings: RingRecords = memoryRingRecords()) {
  const lines: string[] = [];
  const clock = new ManualClock();
  const cases = new MemoryCases();
  const state = { ready: true, questions: [] as GateQuestion[], ids: 0 };
  const decisions = new MemoryDecisions();
  const services = {
    evaluator: new MemoryEvaluator(),
    checkGate: async (question: GateQuestion) => {
      state.questions.push(question);
      const id = question.accountId ?? (question.apiKeyId === 'key_77' ? 'acct_admitted' : '');
      return answers[id] ?? unknown;
    },
    decisions,
    pastDecisions: decisions,
    admitted: {
      latest: async ({ names }: AdmittedQuery) =>
        Array.from({ length: 40 }, (_none, n) => ({ decidedAt: clock.at - 1000 * n, values: names.map(() => n) })),
    },
    keptRuleSets: {
      byHash: async (hash: string) =>
        hash === 'sha256:4be1'
          ? { hash, version: '2026-11-20.3', files: new Map(), firstUsedAt: clock.at, lastUsedAt: clock.at }
          : undefined,
      forget: async () => ({ ruleSets: 2, files: 1 }),
    },
    explain: async ({ id }: { id: string }) => {
      const found = await decisions.byId(id);
      return found === undefined ? err(problem('not_found')) : ok(anExplanation(found));
    },
    cases,
    accounts: cases,
    queue: memoryQueueFigures(),
    rings,
    ringDesk: noRingDesk,
    ringHubs: noRingHubs,
    undoBatch: async () => err(problem('not_found')),
    serviceKeys: new MemoryServiceKeys(),
    closedSessions: new MemoryClosedSessions(),
    rules: {
      current: () => ({
        version: '2026-11-20.3',
        hash: 'sha256:4be1',
        loadedAt: clock.at,
        level: 'enforce' as const,
        errors: [],
        warnings: [],
        rules: [{ info: rule, hits: 7 }],
      }),
      validate: async () => ok({ ok: true, errors: [], warnings: [] }),
    },
    standings: memoryStandings(rule, clock.at).source,
    baselines: async () => [{ feature: 'template_burst', state: 'cold' as const, events: 12, needed: 500 }],
    readiness: [{ name: 'postgres', check: () => (state.ready ? Promise.resolve() : Promise.reject(new Error('no'))) }],
    verification: {
      record: (result) => cases.recordVerification(result),
      isSigned: () => false,
      recordAnswer: async () => ok(false),
      linkFor: (accountId: string, now: number) => ({ url: `https://example.com/verify/${accountId}`, expiresAt: now }),
      appeals: {
        make: async () => err(problem('not_found')),
        get: async () => undefined,
        latest: async () => undefined,
        list: async () => [],
      },
    },
    hashIdentifier: (type: string, value: string) => `k1.${type}.${value.length}`,
    changes: { subscribe: () => () => undefined },
    ...memoryIntegrations(clock),
    overview: {
      read: async ({ bucketMs }: { bucketMs: number }) => ({
        signups: [{ at: clock.at, outcomes: { allow: 3, limit: 1, hold: 0, deny: 0 } }],
        bucketMs,
        signupsLast5m: 4,
        usualPerMinute: [0.5, 2],
        cases: { open: 1, late: 0, oldestAt: clock.at },
        labelled: { fraud: 2, honest: 1 },
        provisional: 0,
        rulesets: [{ version: '2026-11-20.3', hash: 'sha256:4be1', at: clock.at }],
        growingRings: [{ id: 'ring_17', size: 42, growth1h: 5 }],
        degraded: [{ at: clock.at - 120_000, missing: 'velocity_unavailable', decisions: 3 }],
        jumped: [{ rule: 'payment-many-accounts', fired: 40, evaluated: 200, usualShare: 0.01 }],
      }),
    },
    admission: new Admission({
      maxInside: 256,
      maxReading: 2048,
      maxReadingOfOne: 512,
      elapsed: () => performance.now(),
    }),
    metrics: createMetrics(),
    log: createLogger({ level: 'debug', destination: { write: (line: string) => lines.push(line) } }),
    clock,
    newId: (prefix: string) => `${prefix}_${++state.ids}`,
  } satisfies HttpServices;
  return { services, state, lines, clock, decisions };
}

class MemoryClosedSessions {
  private readonly closed = new Set<string>();
  private readonly listeners: ((id: string) => void)[] = [];

  async close(id: string): Promise<void> {
    this.closed.add(id);
    for (const listener of this.listeners) listener(id);
  }

  async isClosed(id: string): Promise<boolean> {
    return this.closed.has(id);
  }

  onClosed(listener: (id: string) => void): void {
    this.listeners.push(listener);
  }
}

/** For tests that look at the registry of routes only. */
export const noSession: SessionParts = {
  cookies: createSessionCookies('for tests'),
  authenticate: async () => undefined,
  closed: { close: async () => undefined },
};

/** A service on a free port of loopback, with one key for each role. */
export async function startHttp(options: Partial<HttpOptions> = {}, rings?: RingRecords) {
  const memory = memoryServices(rings);
  const keys = new Map<ServiceRole, string>();
  for (const role of serviceRoles)
    keys.set(role, (await memory.services.serviceKeys.create(role, role, 'bootstrap')).secret);
  const server = createHttpServer(memory.services, { bootstrapKey, sessionSecret: 'for tests', ...options });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { ...memory, server, ...clientOf(server, keys) };
}

interface Send {
  readonly role?: ServiceRole;
  readonly key?: string;
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  readonly headers?: Record<string, string>;
}

function clientOf(server: Server, keys: ReadonlyMap<ServiceRole, string>) {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  const base = `http://127.0.0.1:${address.port}`;
  const send = async (method: string, path: string, given: Send = {}) => {
    const key = given.key ?? (given.role === undefined ? undefined : keys.get(given.role));
    const body = given.json === undefined ? given.body : JSON.stringify(given.json);
    const headers = {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(given.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...given.headers,
    };
    const response = await fetch(base + path, { method, headers, ...(body === undefined ? {} : { body }) });
    const type = response.headers.get('content-type') ?? '';
    // A stream never ends by itself: that it begins is all there is to know here.
    const isStream = type.startsWith('text/event-stream');
    if (isStream) await response.body?.cancel();
    const text = isStream ? '' : await response.text();
    return { status: response.status, headers: response.headers, type, text, json: parsed(type, text) };
  };
  return {
    base,
    send,
    raw: (text: string) => rawExchange(address.port, text),
    close: (drainMs = 0) => closeGracefully(server, { drainMs, deadlineMs: drainMs + 200 }),
  };
}

const parsed = (type: string, text: string): Record<string, unknown> =>
  type.includes('json') && text !== '' ? JSON.parse(text) : {};

/** Writes bytes that no HTTP client would write, and reads until the service closes. */
async function rawExchange(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  await once(socket, 'connect');
  socket.write(text);
  await once(socket, 'close');
  return answer;
}
