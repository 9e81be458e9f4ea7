import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StoredRows } from '../../src/backtest/stored-rows.js';
import { fetchRuleSet } from '../../src/cli/kept-rule-set.js';
import { run as backtest } from '../../src/cli/rules-backtest.js';
import { run as diff } from '../../src/cli/rules-diff.js';
import type { ServiceClient } from '../../src/cli/service-client.js';
import { servicePages } from '../../src/cli/service-decisions.js';
import { decide } from '../../src/decisions/decide.js';
import type { Decision } from '../../src/model/decision.js';
import { type InputGroup, outcomeRank } from '../../src/model/policy.js';
import type { Outcome } from '../../src/model/rule.js';
import { type Reading, Unavailable } from '../../src/model/value.js';
import { eventually } from '../support/eventually.js';
import { mixedCard, mixedEvents, mixedRules } from '../support/mixed-events.js';
import { runCommand } from '../support/run-command.js';
import { adminKey, type Service, startService } from '../support/service.js';

let service: Service;
let home: string;
const decided: Decision[] = [];
let rules: string;

/** A folder with these rules. */
async function folder(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, name, path)), { recursive: true });
    await writeFile(join(home, name, path), text);
  }
  return join(home, name);
}

const with_ = (from: string, to: string): Readonly<Record<string, string>> => {
  const text = mixedRules['mixed.yml'] ?? '';
  if (!text.includes(from)) throw new Error(`there is no '${from}'`);
  return { ...mixedRules, 'mixed.yml': text.replace(from, to) };
};

const label = (accountId: string, value: string) =>
  service.call('POST', `/v1/accounts/${accountId}/labels`, {
    body: { label: value, source: 'test', observed_at: new Date().toISOString() },
  });

/** Held whatever else happens; its card is one that others use too. */
const heldSignup = (id: string) => ({
  type: 'signup',
  event_id: `evt_${id}`,
  account: { id, plan: 'held' },
  ip: '203.0.113.5',
  payment: { fingerprint: mixedCard(3), funding: 'credit' },
});

const laterKey = (id: string) => ({
  type: 'api_key_created',
  event_id: `evt_key_${id}`,
  account: { id },
  ip: '203.0.113.9',
  api_key: { id: `key_${id}` },
});

/** A label reaches what is counted a moment later. */
async function isKnownFraud(): Promise<boolean> {
  const event = { ...heldSignup('look'), account: { id: 'look' } };
  const { body } = await service.call('POST', '/v1/evaluations:simulate', { body: event });
  return body.reasons.some(({ rule }: { rule: string }) => rule === 'card-fraud');
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-backtest-'));
  rules = await folder('rules', mixedRules);
  service = await startService({ rulesDir: rules });
  const events = mixedEvents(60);
  const half = events.length / 2;
  for (const id of ['fraud', 'friend']) decided.push(await service.evaluate(heldSignup(id)));
  for (const event of events.slice(0, half)) decided.push(await service.evaluate(event));
  await label('fraud', 'fraud');
  await label('friend', 'honest');
  // What held it does not count against it from now on: its later events have to be judged so too.
  await service.call('POST', '/v1/accounts/friend/release', { body: { reason: 'known to us' } });
  await eventually(isKnownFraud);
  for (const event of events.slice(half)) decided.push(await service.evaluate(event));
  for (const id of ['fraud', 'friend']) decided.push(await service.evaluate(laterKey(id)));
}, 120_000);
afterAll(async () => {
  await service.remove();
  await rm(home, { recursive: true, force: true });
}, 60_000);

const client = (): ServiceClient => ({
  origin: 'here',
  get: async (path) => {
    const { status, body } = await service.call('GET', path);
    return status === 200 ? body : undefined;
  },
});

const environment = () => ({
  HOST: '127.0.0.1',
  PORT: service.output.match(/http:\/\/127\.0\.0\.1:(\d+)/)?.[1] ?? '',
  BOOTSTRAP_API_KEY: adminKey,
  RULES_DIR: rules,
});

const report = async (...args: string[]) => {
  const { status, out, err } = await runCommand(backtest, ['--service', '--json', ...args], environment());
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return JSON.parse(out);
};

/** Every rule that can count has fired. */
const all = [
  'card-fraud',
  'card-shared',
  'crowd',
  'driven',
  'exit',
  'half',
  'known-business',
  'planned',
  'remembered-prepaid',
  'throw-away',
];

const lastHour = () => ({ since: Date.now() - 3_600_000, until: Date.now() + 1000 });

/** A store that was slow for a moment is part of what a decision saw. */
const missingIn = (readings: readonly Reading[]): InputGroup[] =>
  (['velocity', 'ring', 'ip_intel'] as const).filter((group) =>
    readings.some((reading) => reading instanceof Unavailable && reading.reason === `${group}_unavailable`),
  );

describe('the stored decisions of a service', () => {
  it('are judged again by the rules that made them exactly as they were', async () => {
    const hash = decided[0]?.ruleset.hash ?? '';
    const kept = async () => (await fetchRuleSet(hash, client()))?.ruleSet;
    await eventually(async () => (await kept()) !== undefined);
    const ruleSet = await kept();
    if (ruleSet === undefined) throw new Error('not kept');
    const rows = new StoredRows({
      pages: servicePages(client(), lastHour()),
      variants: [{ prefix: '', ruleSet }],
      ruleSetOf: async () => ruleSet,
    });
    const again: unknown[] = [];
    for await (const block of rows.rows(ruleSet.names))
      for (const { eventId, accountId, type, at: now, readings, clearedRules } of block) {
        const found = ruleSet.judge(type, [...readings], { accountId, now, clearedRules });
        const { outcome, score, hits, shadow } = decide(found, {
          policy: ruleSet.policy,
          missing: missingIn(readings),
          reasonOf: (code) => ruleSet.reasons.get(code),
        });
        again.push([eventId, outcome, score, hits.map(({ rule }) => rule.id), shadow]);
      }
    expect(again).toEqual(
      decided.map(({ event_id, outcome, score, reasons, shadow }) => [
        event_id,
        outcome,
        score,
        reasons.map(({ rule }) => rule),
        shadow,
      ]),
    );
    expect(new Set(decided.map(({ outcome }) => outcome))).toEqual(new Set(['allow', 'limit', 'hold']));
    expect([...new Set(decided.flatMap(({ reasons }) => reasons.map(({ rule }) => rule)))].sort()).toEqual(all);
  });

  it('give a backtest of the rules in use nothing to tell, and the labels that are known', async () => {
    const own = await report();
    const outcomes = { allow: 0, limit: 0, hold: 0, deny: 0 };
    for (const { outcome } of decided) outcomes[outcome]++;
    expect(own).toMatchObject({
      partial: false,
      events: decided.length,
      not_judged: [],
      baseline: { events: outcomes },
    });
    expect(own.rule_set.events).toEqual(outcomes);
    expect(own.changes).toMatchObject({ events: [], accounts: [] });
    expect(own.accounts).toMatchObject({ fraud: 1, honest: 1 });
  });

  it('remember that a rule had been cleared for an account', () => {
    const outcomeOf = (id: string) => decided.find(({ event_id }) => event_id === `evt_key_${id}`);
    expect(outcomeOf('fraud')?.reasons.map(({ rule }) => rule)).toContain('planned');
    expect(outcomeOf('friend')?.reasons.map(({ rule }) => rule)).not.toContain('planned');
  });

  it('tell which decisions other rules would change', async () => {
    const stricter = await folder('stricter', with_('accounts_per_card_30d >= 2', 'accounts_per_card_30d >= 1'));
    const gentler = await folder('gentler', with_('min(40, 12 *', 'min(9, 12 *'));
    const [more, fewer] = [await report('--rules', stricter), await report('--rules', gentler)];
    expect(more.rules.find(({ id }: { id: string }) => id === 'card-shared').events.fired).toBeGreaterThan(
      decided.filter(({ reasons }) => reasons.some(({ rule }) => rule === 'card-shared')).length,
    );
    const turns: { from: Outcome; to: Outcome }[] = fewer.changes.events;
    expect(turns.filter(({ from, to }) => outcomeRank[to] >= outcomeRank[from])).toEqual([]);
    expect(turns.length).toBeGreaterThan(0);
  });

  it('do not tell what was not recorded: such rules are named, and never quietly false', async () => {
    const edited = with_('window: 1h', 'window: 2h')['mixed.yml'] ?? '';
    const unseen = await folder('unseen', {
      ...mixedRules,
      'mixed.yml': edited
        .replace("rented'", 'rented || ip.address == "203.0.113.9"\'')
        .replace('device.confidence < 0.5', 'device.confidence < 0.5 || ip.version == 5'),
    });
    const { not_judged } = await report('--rules', unseen);
    expect(not_judged).toEqual([
      { rule: 'exit', inputs: ['ip.address'], share: 1 },
      { rule: 'crowd', inputs: ['signups_per_prefix_1h'], share: 1 },
      { rule: 'half', inputs: ['ip.version'], share: 1 },
    ]);
  });

  it('are those of the time that was asked for', async () => {
    const from = decided[10]?.decided_at ?? '';
    const until = decided[60]?.decided_at ?? '';
    const some = await report('--since', from, '--until', until);
    const wanted = decided.filter(({ decided_at }) => decided_at >= from && decided_at < until);
    expect(some).toMatchObject({ events: wanted.length, from });
    expect((await report('--until', from)).events).toBe(decided.filter(({ decided_at }) => decided_at < from).length);
    const wrong = await runCommand(backtest, ['--service', '--since', 'lately'], environment());
    expect(wrong).toMatchObject({ status: 1, err: expect.stringContaining("not 'lately'") });
  });

  it('are open to authors, and hold no identifier in clear', async () => {
    const { body } = await service.call('POST', '/v1/keys', { body: { role: 'author', name: 'author' } });
    const headers = { authorization: `Bearer ${body.secret}` };
    const page = await service.call('GET', '/v1/decisions:inputs?limit=500', { headers });
    expect(page.body.data).toHaveLength(decided.length);
    for (const canary of ['canary1@', 'pm_canary', '198.51.100.', '203.0.', 'fp_', '+1415'])
      expect(JSON.stringify(page.body)).not.toContain(canary);
    expect((await service.call('GET', '/v1/decisions:inputs?since=lately', { headers })).status).toBe(422);
    expect((await service.call('GET', '/v1/decisions:inputs?cursor=x', { headers })).status).toBe(422);
    expect((await service.call('GET', '/v1/rulesets/sha256:none', { headers })).status).toBe(404);
    const own = { ...environment(), BOOTSTRAP_API_KEY: body.secret };
    expect(await runCommand(diff, ['running', rules, '--service'], own)).toMatchObject({ status: 0, err: '' });
  });
});

describe('rules diff', () => {
  const change = () => folder('changed', with_('points: 15', 'points: 12'));

  it('compares the rules in use, or some that have decided, with a folder', async () => {
    const hash = decided[0]?.ruleset.hash ?? '';
    for (const old of ['running', hash]) {
      const { status, out } = await runCommand(diff, [old, await change(), '--json', '--exit-code'], environment());
      expect(status).toBe(1);
      expect(JSON.parse(out)).toMatchObject({
        old: { source: old, hash },
        changes: [{ name: 'exit', what: 'points', effect: 'looser' }],
      });
    }
    const unknown = await runCommand(diff, [`sha256:${'0'.repeat(64)}`, rules], environment());
    expect(unknown).toMatchObject({ status: 2, err: expect.stringContaining('has decided nothing with sha256:0000') });
  });

  it('says which stored decisions change', async () => {
    const gentler = await folder('gentler', with_('min(40, 12 *', 'min(9, 12 *'));
    const { out } = await runCommand(diff, ['running', gentler, '--service'], environment());
    expect(out).toContain('rule card-shared: `min(9, 12 * log2(accounts_per_card_30d))` points, at most 9, instead of');
    expect(out).toMatch(/released {4}\d+ accounts/);
    expect(out).toMatch(/events {4}hold to limit \d+/);
  });
});
