import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { run as explain } from '../../src/cli/rules-explain.js';
import { explanationReply } from '../../src/http/explanation-schemas.js';
import type { Decision } from '../../src/model/decision.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { runCommand } from '../support/run-command.js';
import { adminKey, aSignup, type Service, startService } from '../support/service.js';
import { trialRules } from '../support/trial-rules.js';

const rule = (when: string): string => `rules:
  - id: explained
    family: email
    on: [signup]
    when: ${when}
    points: 35
    reason: identity.trial
    title: "Explained"
    owner: trial
    tests: [{ name: t, given: {}, expect: unknown }]
`;
const ofThen = rule('\'email.address == "li.wei@mail.example" && in_cidr(ip.address, "203.0.113.0/24")\'');
const ofNow = rule('\'email.address == "somebody@else.example"\'');

let postgres: PostgresServer;
let service: Service;
let decision: Decision;
beforeAll(async () => {
  postgres = await startPostgres();
  service = await startService({ rules: { ...trialRules, 'explained.yml': ofThen }, databaseUrl: postgres.url });
  decision = await service.evaluate(aSignup('explained', 'limit', { email: { address: 'li.wei@mail.example' } }));
}, 120_000);
afterAll(async () => {
  await service.remove();
  await postgres.stop();
}, 60_000);

const ask = (rest = '') => service.call('GET', `/v1/decisions/${decision.id}/explanation${rest}`);
const ruleIn = (body: { rules: readonly { id: string }[] }) => body.rules.find(({ id }) => id === 'explained');

/** The command asks the service that its environment names. */
const command = (...args: string[]) => {
  const port = service.output.match(/http:\/\/127\.0\.0\.1:(\d+)/)?.[1] ?? '';
  return runCommand(explain, args, {
    HOST: '127.0.0.1',
    PORT: port,
    BOOTSTRAP_API_KEY: adminKey,
    RULES_DIR: service.rulesDir,
  });
};

describe('the explanation of a stored decision', () => {
  it('is made of what it saw, and shows no identifier in clear', async () => {
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(explanationReply.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      decision: decision.id,
      ruleset: { hash: decision.ruleset.hash, of: 'then', kept: true },
      evidence: { event: 'readable', agrees: true },
      outcome: { outcome: 'limit', score: 40 },
    });
    expect(ruleIn(body)).toMatchObject({
      result: 'fires',
      effect: 'counts',
      leaves: [{ result: true }, { result: true }],
    });
    expect(JSON.stringify(body)).not.toContain('203.0.113.77');
    expect(
      JSON.stringify(
        body.rules.map(({ leaves }: { leaves: { values: object }[] }) => leaves.map(({ values }) => values)),
      ),
    ).not.toContain('li.wei');
  });

  it('stays as it was when the rules change, also over a restart, and tells what they come to now', async () => {
    await writeFile(join(service.rulesDir, 'explained.yml'), ofNow);
    await eventually(
      async () => (await service.call('GET', '/v1/rulesets/current')).body.hash !== decision.ruleset.hash,
    );
    expect((await ask()).body).toMatchObject({ ruleset: { of: 'then', kept: true }, evidence: { agrees: true } });
    await service.stop();
    await service.start();
    expect(ruleIn((await ask()).body)).toMatchObject({ result: 'fires' });
    const now = await ask('?ruleset=now');
    expect(explanationReply.parse(now.body)).toEqual(now.body);
    expect(now.body).toMatchObject({
      ruleset: { of: 'now', kept: true },
      outcome: { score: 10 },
      differences: [{ id: 'explained', was: { result: 'fires', points: 35 }, is: { result: 'quiet', points: 0 } }],
    });
    expect(now.body.differences[0].because[0]).toMatch(/^condition: .* → email\.address == "somebody@else\.example"$/);
  }, 60_000);

  it('is printed by the command, by the rules of then, of now, and of a folder', async () => {
    const then = await command(decision.id);
    expect(then).toMatchObject({ status: 0, err: '' });
    expect(then.out).toContain('limit, score 40 = email 30 + identity 10');
    expect(then.out).toMatch(/✓ fires {3}explained: 35 points/);
    const now = await command(decision.id, '--now');
    expect(now.out).toContain('explained: 35 points then, quiet now');
    const folder = await command(decision.id, '--rules', service.rulesDir, '--rule', 'explained', '--json');
    const told = JSON.parse(folder.out);
    expect(told).toMatchObject({ decision: decision.id, ruleset: { of: 'given' } });
    expect(told.rules).toMatchObject([
      { id: 'explained', result: 'unknown', leaves: [{ missing: { 'email.address': 'hashed' } }] },
    ]);
    const misses = await command(decision.id, '--why-not', '--json');
    expect(JSON.parse(misses.out).rules.map(({ id }: { id: string }) => id)).toContain('trial-hold');
    expect(await command('dec_none')).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringContaining("knows no decision 'dec_none'"),
    });
    expect((await command(decision.id, '--rule', 'nonsense')).err).toContain("no rule 'nonsense'");
  });

  it('has its limits told: no such decision, no such rule, no such question', async () => {
    expect((await service.call('GET', '/v1/decisions/dec_none/explanation')).status).toBe(404);
    expect((await ask('?rule=nonsense')).status).toBe(422);
    expect((await ask('?ruleset=tomorrow')).status).toBe(422);
    expect((await ask('?rule=explained')).body.rules).toHaveLength(1);
  });

  it('keeps to the record once the event has been erased', async () => {
    const database = await openPostgres(postgres.url, { callTimeoutMs: 20_000 });
    await database.query('delete from envelope_salts where event_id = $1', [decision.event_id]);
    await database.close();
    const { body } = await ask();
    expect(body.evidence).toMatchObject({ event: 'erased', agrees: false, missing: { 'email.address': 'erased' } });
    expect(ruleIn(body)).toMatchObject({ result: 'fires', points: 35, leaves: [{ result: null }, { result: null }] });
    expect((await command(decision.id)).out).toContain('the event has been erased');
  });
});
