import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Decision } from '../../src/model/decision.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService, writeRules } from '../support/service.js';
import { planRule, trialRules } from '../support/trial-rules.js';

/** With three hits of three events the fuse blows; the fourth event finds the rule in shadow. */
const fused = planRule('loud', 'limit', '\n    fuse: { share: 50%, min: 3, over: 10m }');
const shadow = planRule('quiet', 'hold', '\n    mode: shadow');
const half = planRule('half', 'limit', '\n    mode: { rollout: 50% }');
const excepting = planRule(
  'lab',
  'hold',
  `\n    except:\n      - { when: 'account.id == "of-the-lab"', why: tests its own forms, owner: trust, until: 2099-01-01 }`,
);
const rules = { ...trialRules, 'rollout.yml': `rules:${fused}${shadow}${half}${excepting}` };

let postgres: PostgresServer;
let redis: TestRedis;
let one: Service;
let two: Service;
let candidateDir = '';
const opened: Service[] = [];
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  candidateDir = await mkdtemp(join(tmpdir(), 'portcullis-candidate-'));
  await writeRules(candidateDir, {
    ...rules,
    'rollout.yml': rules['rollout.yml'].replace('mode: shadow', 'mode: live'),
  });
  const open = async (env: Readonly<Record<string, string>> = {}) => {
    const service = await startService({ databaseUrl: postgres.url, redisUrl: redis.url, rules, env });
    opened.push(service);
    return service;
  };
  one = await open();
  two = await open({ REPORT_RULES_DIR: candidateDir });
}, 120_000);
afterAll(async () => {
  await Promise.all(opened.map((service) => service.remove()));
  await Promise.all([postgres.stop(), redis.stop(), rm(candidateDir, { recursive: true, force: true })]);
}, 60_000);

const simulate = (service: Service, event: object): Promise<Decision> =>
  eventually(async () => {
    const { status, body } = await service.call('POST', '/v1/evaluations:simulate', { body: event });
    return status === 200 && body;
  });

const ruleOf = async (service: Service, id: string) => {
  const { body } = await service.call('GET', '/v1/rules');
  return body.data.find((rule: { id: string }) => rule.id === id);
};
const current = async (service: Service) => (await service.call('GET', '/v1/rulesets/current')).body;
const isBlown = async (service: Service) =>
  (await current(service)).fuses_blown.some((fuse: { rule: string }) => fuse.rule === 'trial-loud');

describe('two instances', () => {
  it('add up what their rules do', async () => {
    for (const n of [1, 2, 3]) await one.evaluate(aSignup(`quiet-${n}`, 'quiet'));
    for (const n of [4, 5]) await two.evaluate(aSignup(`quiet-${n}`, 'quiet'));
    await two.evaluate(aSignup('of-the-lab', 'lab'));
    await one.evaluate(aSignup('not-of-the-lab', 'lab'));
    for (const service of [one, two]) {
      const counted = await eventually(async () => {
        const rule = await ruleOf(service, 'trial-quiet');
        return rule.counts.last_24h.evaluated >= 7 && rule;
      });
      expect(counted).toMatchObject({
        mode: 'shadow',
        last_fired_at: expect.any(String),
        counts: { last_24h: { evaluated: 7, fired: 5, shadow: 5, live: 0, would: { hold: 5 }, would_change: 5 } },
      });
    }
    expect(await ruleOf(one, 'trial-lab')).toMatchObject({
      counts: { last_7d: { fired: 1, live: 1, excepted: 1, outcomes: { hold: 1 } } },
      exceptions: [{ owner: 'trust', uses: 1, expired: false }],
    });
  });

  it('tell of a live rule whom only it holds', async () => {
    const since = new Date(Date.now() - 60_000).toISOString();
    await one.evaluate(aSignup('held-by-two', 'hold'));
    const evidenceOf = async (rule: string) =>
      (await two.call('GET', `/v1/rules/trial?rule=${rule}&since=${since}`)).body.data[0].evidence;
    expect(await evidenceOf('trial-lab')).toMatchObject({
      accounts: 1,
      changes: [{ from: 'allow', to: 'hold', decisions: 1 }],
      newly_held: 1,
    });
    expect(await evidenceOf('trial-hold')).toMatchObject({ accounts: 1, changes: [], newly_held: 0 });
  });

  it('hold the same accounts out of a roll-out, and record what would have been', async () => {
    const events = Array.from({ length: 20 }, (_, n) => aSignup(`half-${n}`, 'half'));
    const decisions = await Promise.all(events.map((event) => one.evaluate(event)));
    const tried = await Promise.all(
      events.map((event) => simulate(two, { ...event, event_id: `sim_${event.event_id}` })),
    );
    expect(tried.map(({ outcome }) => outcome)).toEqual(decisions.map(({ outcome }) => outcome));
    const outside = decisions.filter(({ outcome }) => outcome === 'allow');
    expect(outside.length).toBeGreaterThan(0);
    expect(outside.length).toBeLessThan(20);
    for (const { shadow: recorded } of outside) expect(recorded).toEqual([{ rule: 'trial-half', outcome: 'limit' }]);
  });

  it('say of a rule on trial what it would do, by labels', async () => {
    await one.call('POST', '/v1/accounts/quiet-1/labels', { body: { label: 'fraud', source: 'chargeback' } });
    await one.call('POST', '/v1/accounts/quiet-4/labels', { body: { label: 'honest', source: 'support' } });
    const since = new Date(Date.now() - 60_000).toISOString();
    const { body } = await two.call('GET', `/v1/rules/trial?since=${since}`);
    expect(body.data.map(({ id }: { id: string }) => id).sort()).toEqual(['trial-half', 'trial-quiet']);
    expect(body.data.find(({ id }: { id: string }) => id === 'trial-quiet')).toMatchObject({
      evidence: {
        accounts: 5,
        precision: { count: 1, of: 2 },
        recall: { count: 1, of: 1 },
        changes: [{ from: 'allow', to: 'hold', decisions: 5 }],
        newly_held: 5,
        honest_pay: 1,
      },
      advice: { recommendation: 'withdraw' },
    });
    expect((await one.call('GET', '/v1/rules/trial?rule=nothing')).status).toBe(404);
  });

  it('follow a fuse that blows on one of them, loudly, also after a restart', async () => {
    for (const n of [1, 2, 3]) {
      const decision = await one.evaluate(aSignup(`loud-${n}`, 'loud'));
      expect(decision.outcome).toBe('limit');
    }
    // The window holds other events too: the share is reached a little later.
    const outcomes: string[] = [];
    for (let n = 4; n < 60 && outcomes.at(-1) !== 'allow'; n++)
      outcomes.push((await one.evaluate(aSignup(`loud-${n}`, 'loud'))).outcome);
    expect(outcomes.at(-1)).toBe('allow');
    await eventually(() => isBlown(two));
    const elsewhere = await two.evaluate(aSignup('loud-elsewhere', 'loud'));
    expect(elsewhere).toMatchObject({ outcome: 'allow' });
    expect(elsewhere.shadow).toContainEqual({ rule: 'trial-loud', outcome: 'limit' });
    expect(one.output).toContain('went to shadow by itself');
    expect((await two.call('GET', '/metrics')).body).toContain('portcullis_rule_fuse_blown{rule="trial-loud"} 1');
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query("select payload->>'rule' as rule from outbox where kind = 'rule_fuse_blown'");
    await client.end();
    expect(rows).toEqual([{ rule: 'trial-loud' }]);

    const before = (await ruleOf(two, 'trial-quiet')).counts.since_defined.evaluated;
    expect(before).toBeGreaterThan(0);
    await one.stop();
    await one.start();
    expect((await one.evaluate(aSignup('loud-restarted', 'loud'))).outcome).toBe('allow');
    expect((await ruleOf(one, 'trial-quiet')).counts.since_defined.evaluated).toBeGreaterThanOrEqual(before);
  });

  it('let the rule count again once an author has reset its fuse, and both know it', async () => {
    const reset = () => two.call('POST', '/v1/rules/trial-loud/fuse/reset');
    expect((await reset()).body).toEqual({ rule: 'trial-loud', reset: true });
    expect((await reset()).body).toEqual({ rule: 'trial-loud', reset: false });
    expect((await two.evaluate(aSignup('loud-reset', 'loud'))).outcome).toBe('limit');
    await eventually(async () => !(await isBlown(one)));
    expect((await one.call('POST', '/v1/rules/nothing/fuse/reset')).status).toBe(404);
  });
});

describe('a rule set beside the one in use', () => {
  it('is judged on what that one saw, recorded, and changes nothing', async () => {
    const decision = await two.evaluate(aSignup('candidate', 'quiet'));
    const name = `ruleset:${(await two.call('GET', '/v1/rulesets/current')).body.version}`;
    expect(decision.outcome).toBe('allow');
    const [quiet, candidate] = decision.shadow;
    expect(quiet).toEqual({ rule: 'trial-quiet', outcome: 'hold' });
    expect(candidate).toMatchObject({ rule: expect.stringMatching(/^ruleset:/), outcome: 'hold' });
    expect(candidate?.rule).not.toBe(name);
    const { body } = await two.call('GET', `/v1/rules/trial?since=${new Date(Date.now() - 300_000).toISOString()}`);
    expect(body.candidate).toMatchObject({
      changes: expect.arrayContaining([expect.objectContaining({ from: 'allow', to: 'hold' })]),
    });
    expect((await one.call('GET', '/v1/rules/trial')).body.candidate).toBeNull();
    const elsewhere = await one.evaluate(aSignup('no-candidate', 'quiet'));
    expect(elsewhere.shadow).toEqual([{ rule: 'trial-quiet', outcome: 'hold' }]);
  });
});

describe('a policy that only reports', () => {
  it('admits everybody, says so, and records what would have been', async () => {
    const file = join(two.rulesDir, 'policy.yml');
    await writeFile(
      `${file}.new`,
      `${trialRules['policy.yml']}  level: report\n  probation: { for: 24h, requests_per_day: 5 }\n`,
    );
    await rename(`${file}.new`, file);
    await eventually(async () => !(await current(two)).enforced);
    const decision = await two.evaluate(aSignup('reported', 'hold'));
    expect(decision).toMatchObject({
      outcome: 'allow',
      access: { state: 'admitted' },
      case_id: null,
      public_reason: null,
      verify: [],
      reported: { outcome: 'hold', score: 15 },
      reasons: [{ rule: 'trial-hold' }, { rule: 'trial-hold-too' }],
    });
    expect((await two.gate({ accountId: 'reported' })).status).toBe(200);
    await eventually(async () => two.output.includes('NOTHING IS ENFORCED'));
    expect((await two.call('GET', '/metrics')).body).toContain('portcullis_ruleset_enforced 0');
    // The other instance has its own folder, and enforces.
    expect((await one.evaluate(aSignup('enforced', 'hold'))).outcome).toBe('hold');
    const stored = await two.call('GET', `/v1/decisions/${decision.id}`);
    expect(stored.body.reported).toEqual({ outcome: 'hold', score: 15 });
  });
});
