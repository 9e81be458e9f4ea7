import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { createBodyHash } from '../../src/adapters/crypto/body-hash.js';
import { canonicalJson } from '../../src/evaluate/canonical-json.js';
import { run as createKey } from '../../src/keys-create.js';
import { dumpPostgres, dumpRedis } from '../support/dump-stores.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { runCommand } from '../support/run-command.js';
import { type Service, startService } from '../support/service.js';
import { startReceiver } from '../support/webhook-receiver.js';

const rules = {
  'policy.yml': 'policy:\n  thresholds: { limit: 30, hold: 60 }\n',
  'reasons.yml': `reasons:
  list.burned: { title: Burned, public: additional_verification_required }
  list.trusted: { title: Trusted, public: additional_verification_required }
`,
  'rules.yml': `rules:
  - { id: burned-card, family: list, on: [signup], when: payment.fingerprint in lists.burned, points: 40, at_least: hold, reason: list.burned, title: "{account.organization} pays with a burned card", owner: us }
  - { id: trusted-domain, family: list, on: [signup], when: email.domain in lists.trusted, points: 0, at_most: allow, reason: list.trusted, owner: us }
  - { id: from-vpn, family: network, on: [signup], when: ip.is_vpn, points: 40, at_least: limit, reason: list.burned, owner: us }
`,
  'lists/burned.txt': '# source: us\n# type: value\nfp_in_file\n',
  'lists/trusted.txt': '# source: us\n# type: value\ncampus.example\n',
};

let postgres: PostgresServer;
let redis: TestRedis;
let rulesDir: string;
let one: Service;
let other: Service;
beforeAll(async () => {
  rulesDir = await mkdtemp(join(tmpdir(), 'portcullis-rules-'));
  for (const [path, text] of Object.entries(rules)) {
    await mkdir(dirname(join(rulesDir, path)), { recursive: true });
    await writeFile(join(rulesDir, path), text);
  }
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const env = { WEBHOOK_LOOPBACK: 'allow', LOG_LEVEL: 'debug', IDENTIFIER_PEPPER: 'a pepper for these tests' };
  const options = { rulesDir, databaseUrl: postgres.url, redisUrl: redis.url, env };
  [one, other] = await Promise.all([startService(options), startService(options)]);
}, 120_000);
afterAll(async () => {
  await Promise.all([one?.remove(), other?.remove()]);
  await Promise.all([postgres?.stop(), redis?.stop()]);
  await rm(rulesDir, { recursive: true, force: true });
});

let number = 0;
const signup = (more: Readonly<Record<string, unknown>> = {}) => ({
  type: 'signup',
  event_id: `evt_${++number}`,
  account: { id: `acct_${number}`, organization: 'Org', plan: 'free' },
  ip: '203.0.113.9',
  ...more,
});
const withCard = (fingerprint: string) => signup({ payment: { fingerprint } });
const access = async (service: Service, event: object) => (await service.evaluate(event)).access.state;
const becomes = (service: Service, event: () => object, state: string) =>
  eventually(async () => (await access(service, event())) === state);
const added = (list: string, value: string, more: object = {}) =>
  one.call('POST', `/v1/lists/${list}/entries`, { body: { value, reason: 'seen in a campaign', ...more } });
const keyOf = async (role: string): Promise<Record<string, string>> => {
  const { body } = await one.call('POST', '/v1/keys', { body: { role, name: role } });
  return { authorization: `Bearer ${body.secret}` };
};

const onPostgres = async (sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

const askForLive = (service: Service, headers: Record<string, string>) => fetch(`${service.url}/v1/live`, { headers });

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

/** Reads the live stream of an instance, once it knows the key; `over` resolves when the service ends it. */
async function following(service: Service, headers: Record<string, string>) {
  const response = await eventually(async () => {
    const answer = await askForLive(service, headers);
    return answer.status === 200 && answer;
  });
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) seen.push(Buffer.from(chunk).toString());
  };
  return { seen, over: read() };
}

describe('a session of a browser', () => {
  const ownPage = (cookie: string) => ({ cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' });
  const signIn = async (secret: string): Promise<Record<string, string>> => {
    const body = JSON.stringify({ key: secret });
    const answer = await fetch(`${one.url}/v1/session`, { method: 'POST', headers: ownPage(''), body });
    return ownPage(answer.headers.get('set-cookie')?.split(';')[0] ?? '');
  };

  it('ends the live streams that were opened with it, on every instance; those of other sessions go on', async () => {
    const { body: key } = await one.call('POST', '/v1/keys', { body: { role: 'reviewer', name: 'desk 8' } });
    const [mine, another] = [await signIn(key.secret), await signIn(key.secret)];
    const streams = await Promise.all([following(one, mine), following(other, mine), following(one, another)]);
    const [here, elsewhere, theirs] = streams;
    let isOver = false;
    void theirs?.over.then(() => {
      isOver = true;
    });
    expect((await fetch(`${one.url}/v1/session`, { method: 'DELETE', headers: mine })).status).toBe(204);
    await Promise.all([here?.over, elsewhere?.over]);
    expect(isOver).toBe(false);
    expect((await one.call('DELETE', `/v1/keys/${key.id}`)).status).toBe(204);
    await theirs?.over;
  }, 60_000);
});

describe('service keys', () => {
  it('leave a trace of who made and revoked them, which open pages hear of', async () => {
    const { body: admin } = await one.call('POST', '/v1/keys', { body: { role: 'admin', name: 'the boss' } });
    const live = await following(other, bearer(admin.secret));
    await eventually(async () => live.seen.join('').includes('event: hello'));
    const headers = { authorization: `Bearer ${admin.secret}` };
    const { body: made } = await one.call('POST', '/v1/keys', { headers, body: { role: 'worker', name: 'desk 7' } });
    await eventually(async () => /"topics":\[[^\]]*"key"/.test(live.seen.join('')));
    expect((await one.call('DELETE', `/v1/keys/${made.id}`)).status).toBe(204);
    const { body } = await one.call('GET', `/v1/audit?kind=key.&subject=${made.id}`);
    expect(body.data).toMatchObject([
      { actor: 'bootstrap', kind: 'key.revoked', subject: made.id, detail: { role: 'worker', name: 'desk 7' } },
      { actor: admin.id, kind: 'key.created', subject: made.id, detail: { role: 'worker', name: 'desk 7' } },
    ]);
    expect(JSON.stringify(body)).not.toContain(made.secret);
    await one.call('DELETE', `/v1/keys/${admin.id}`);
    await live.over;
  });

  it('that the command line writes into the database leave a trace there too', async () => {
    const made = await runCommand(createKey, ['--role', 'gateway', '--name', 'edge', '--json'], {
      DATABASE_URL: postgres.url,
    });
    const { id, secret } = JSON.parse(made.out);
    const { body } = await one.call('GET', `/v1/audit?subject=${id}`);
    expect(body.data).toMatchObject([
      { actor: 'command_line', kind: 'key.created', detail: { role: 'gateway', name: 'edge' } },
    ]);
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('follow nothing any more once they are revoked: at once here, within five seconds elsewhere', async () => {
    const { body: key } = await one.call('POST', '/v1/keys', { body: { role: 'worker', name: 'desk' } });
    const [here, elsewhere] = await Promise.all([
      following(one, bearer(key.secret)),
      following(other, bearer(key.secret)),
    ]);
    const revokedAt = Date.now();
    await one.call('DELETE', `/v1/keys/${key.id}`);
    await here.over;
    expect(Date.now() - revokedAt).toBeLessThan(1000);
    await elsewhere.over;
    expect(Date.now() - revokedAt).toBeLessThan(6000);
    expect((await askForLive(other, bearer(key.secret))).status).toBe(401);
  }, 30_000);
});

describe('entries of lists', () => {
  it('are read by the rules of every instance, and no longer once they are removed', async () => {
    expect(await access(other, withCard('fp_burned'))).toBe('admitted');
    expect((await added('burned', 'FP_burned ')).body).toMatchObject({ state: 'active', value: 'FP_burned' });
    await becomes(other, () => withCard('fp_burned'), 'held');
    expect(await access(one, withCard('fp_burned'))).toBe('held');
    const twice = await added('burned', 'fp_burned');
    expect(twice).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await one.call('DELETE', '/v1/lists/burned/entries/fp_burned')).status).toBe(204);
    await becomes(other, () => withCard('fp_burned'), 'admitted');
  });

  it('take part in signals, where the list has no file as well', async () => {
    expect(await access(one, signup({ ip: '198.51.100.7' }))).toBe('admitted');
    await added('vpn', '198.51.100.0/24');
    await becomes(other, () => signup({ ip: '198.51.100.7' }), 'limited');
    expect((await one.call('DELETE', '/v1/lists/vpn/entries/198.51.100.0%2F24')).status).toBe(204);
    await becomes(other, () => signup({ ip: '198.51.100.7' }), 'admitted');
  });

  it('expire by themselves', async () => {
    await added('burned', 'fp_for_a_moment', { expires_at: new Date(Date.now() + 3000).toISOString() });
    await becomes(other, () => withCard('fp_for_a_moment'), 'held');
    await becomes(other, () => withCard('fp_for_a_moment'), 'admitted');
    await eventually(async () => {
      const { body } = await one.call('GET', '/v1/audit?kind=list.entry_expired&subject=burned');
      return body.data.length === 1;
    });
  });

  it('wait for a second person on a list that lets accounts through', async () => {
    const pending = await added('trusted', 'mail.example');
    expect(pending.body).toMatchObject({ state: 'pending', confirmed_by: null });
    const path = '/v1/lists/trusted/entries/mail.example/confirm';
    expect((await one.call('POST', path)).status).toBe(409);
    const confirmed = await one.call('POST', path, { headers: await keyOf('senior') });
    expect(confirmed).toMatchObject({ status: 200, body: { state: 'active' } });
    expect(confirmed.body.confirmed_by).not.toBe(confirmed.body.added_by);
    const { body } = await one.call('GET', '/v1/audit?kind=list.&subject=trusted');
    expect(body.data.map((entry: { kind: string }) => entry.kind)).toEqual([
      'list.entry_confirmed',
      'list.entry_added',
    ]);
    expect(JSON.stringify(body)).not.toContain('mail.example');
  });

  it('of the file are removed there', async () => {
    const refused = await one.call('DELETE', '/v1/lists/burned/entries/FP_IN_FILE');
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('lists/burned.txt:3') } });
    const { body } = await one.call('GET', '/v1/lists/burned/entries?from=file');
    expect(body.data).toMatchObject([{ value: 'fp_in_file', from: 'file', line: 3 }]);
    expect((await added('vpn', 'not a range')).body.errors).toMatchObject([{ pointer: '/value' }]);
    expect((await added('nowhere', 'x')).status).toBe(404);
  });
});

describe('webhooks', () => {
  it('arrive signed, under one id on every try, once per message', async () => {
    const receiver = await startReceiver((nth) => (nth === 1 ? 500 : 204));
    try {
      const events = ['decision.created', 'account.access_changed', 'case.opened'];
      const made = await one.call('POST', '/v1/webhook-endpoints', { body: { url: receiver.url, events } });
      expect(made.status).toBe(201);
      await other.evaluate(withCard('fp_in_file'));
      // The first try of one message fails; by hand it is due before its time.
      const failed = await eventually(async () => {
        const { body } = await one.call('GET', `/v1/webhook-deliveries?endpoint=${made.body.id}&state=pending`);
        return body.data.find((delivery: { last_status: number | null }) => delivery.last_status === 500);
      });
      expect((await one.call('POST', `/v1/webhook-deliveries/${failed.id}/retry`)).status).toBe(200);
      await eventually(async () => receiver.received.length >= 4);
      const webhook = new Webhook(made.body.secret);
      const heard = receiver.received.map(({ headers, body }) => ({
        id: headers['webhook-id'],
        message: webhook.verify(body, {
          'webhook-id': String(headers['webhook-id']),
          'webhook-timestamp': String(headers['webhook-timestamp']),
          'webhook-signature': String(headers['webhook-signature']),
        }),
      }));
      expect(new Set(heard.map(({ id }) => id)).size).toBe(3);
      expect(heard.filter(({ id }) => id === heard[0]?.id)).toHaveLength(2);
      const types = new Set(heard.map(({ message }) => JSON.stringify(message)).map((text) => JSON.parse(text).type));
      expect([...types].sort()).toEqual([...events].sort());
      expect(JSON.stringify(heard)).not.toMatch(/fp_in_file|203\.0\.113/);
      await eventually(async () => {
        const { body } = await one.call('GET', `/v1/webhook-deliveries?endpoint=${made.body.id}&state=delivered`);
        return body.data.length === 3;
      });
      const gone = await one.call('DELETE', `/v1/webhook-endpoints/${made.body.id}`);
      expect(gone.status).toBe(204);
    } finally {
      await receiver.close();
    }
  }, 60_000);
});

describe('a decision of a case', () => {
  /** The ten seconds in which it can be taken back are over. */
  const passWindow = () =>
    onPostgres("update outbox set not_before = now() where kind = 'case_decided' and done_at is null");
  const reject = async () => {
    const { case_id } = await one.evaluate(withCard('fp_in_file'));
    const { body } = await one.call('POST', `/v1/cases/${case_id}/claim`);
    const decision = { claim_token: body.claim_token, decision: 'reject', reason: 'fraud' };
    expect((await one.call('POST', `/v1/cases/${case_id}/decisions`, { body: decision })).status).toBe(200);
    return case_id;
  };

  it('is told once it is final, and not at all when it was taken back', async () => {
    const receiver = await startReceiver();
    try {
      const body = { url: receiver.url, events: ['case.decided'] };
      expect((await one.call('POST', '/v1/webhook-endpoints', { body })).status).toBe(201);
      const undone = await reject();
      expect((await one.call('POST', `/v1/cases/${undone}/undo`)).status).toBe(200);
      const final = await reject();
      await passWindow();
      await eventually(async () => receiver.received.length > 0);
      const data = receiver.received.map((one) => JSON.parse(one.body).data);
      expect(data).toMatchObject([{ case_id: final, decision: 'reject', ring_id: null }]);
    } finally {
      await receiver.close();
    }
  });
});

describe('a decision about several cases', () => {
  it('can be taken back for ten seconds from when it is done, however long it took', async () => {
    const first = await one.evaluate(withCard('fp_in_file'));
    const second = await one.evaluate(withCard('fp_in_file'));
    const case_ids = [first.case_id, second.case_id];
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query('select 1 from accounts where account_id = $1 for update', [second.account_id]);
      const body = { case_ids, decision: 'reject', reason: 'one card' };
      const deciding = one.call('POST', '/v1/cases:decide', { body });
      await setTimeout(3_000);
      await client.query('commit');
      const decided = await deciding;
      expect(decided.body).toMatchObject({ done: 2 });
      expect(Date.parse(decided.body.undo_until) - Date.now()).toBeGreaterThan(8_500);
      expect((await one.call('POST', '/v1/cases:undo', { body: { case_ids } })).body).toMatchObject({ done: 2 });
    } finally {
      await client.end();
    }
  }, 60_000);
});

describe('privacy', () => {
  /** Every text that a caller can give, each with a mark that nothing else has. */
  const marked = (id: string, type: string) => ({
    type,
    event_id: `evt_of_${id}_${type}`,
    account: {
      id,
      // As a hash begins.
      organization: 'k1.CanaryOrganization',
      plan: 'canary-plan',
      path: 'canary-path',
      declared_country: 'US',
      referrer: 'canary-referrer',
    },
    ip: '203.0.113.231',
    user_agent: 'Canary-Agent/1.0',
    accept_language: 'en-US,canary;q=0.1',
    email: { address: 'canary.person+tag@canary-mail.example', verified: false },
    phone: { number: '+12025550143', verified: false },
    device: {
      fingerprint: 'canary_device',
      platform: 'canary-platform',
      timezone: 'Europe/Canary',
      languages: ['canary'],
      screen: '1234x4321',
      gpu: 'canary-gpu',
      ja4: 'canary_ja4',
    },
    payment: { fingerprint: 'canary_card', bin: '45717360', brand: 'canary-brand', funding: 'credit', country: 'US' },
    ...(type === 'signup' ? {} : { api_key: { id: 'key_subject', scopes: ['canary-scope'] } }),
    custom: { note: 'canary-custom' },
  });
  const canaries = /canary|203\.0\.113\.231|2025550143|1234x4321/gi;

  /** Whatever people and programs can say of an account that no rule holds. */
  const workedOnByHand = async (id: string) => {
    const said = async (path: string, body?: object) => {
      const { status, body: answered } = await one.call('POST', path, body === undefined ? {} : { body });
      if (status >= 300) throw new Error(`${path}: ${JSON.stringify(answered)}`);
      return answered;
    };
    const account = `/v1/accounts/${id}`;
    expect(await access(one, marked(id, 'signup'))).toBe('admitted');
    const { case: opened } = await said(`${account}/hold`, { reason: 'canary hold' });
    const path = `/v1/cases/${opened.id}`;
    await said(`${path}/escalate`, { reason: 'canary escalation' });
    const asked = { decision: 'request_verification', reason: 'canary request', note: 'canary' };
    await said(`${path}/decisions`, { claim_token: (await said(`${path}/claim`)).claim_token, ...asked });
    await said(`${account}/verifications`, {
      method: 'document',
      result: 'failed',
      evidence: { document: 'canary-document', canary_kind: 'canary-evidence', phone: '+12025550143' },
    });
    const { claim_token } = await said(`${path}/claim`);
    await said(`${path}/snooze`, { claim_token, until: new Date(Date.now() + 60_000).toISOString() });
    await said(`${account}/hold`, { reason: 'canary hold again' });
    const many = { case_ids: [opened.id], decision: 'reject', label: 'fraud', reason: 'canary many', note: 'canary' };
    await said('/v1/cases:decide', many);
    await said(`${account}/release`, { reason: 'canary release' });
    await said(`${account}/labels`, { label: 'fraud', source: 'canary-source' });
    await said(`${account}/labels`, { label: 'fraud', source: 'canary-source-2' });
    await said(`${account}/deny`, { reason: 'canary denial' });
    await said('/v1/appeals', { account_id: id, message: 'canary appeal' });
  };

  it('P15: an erased account leaves no identifier in any store or log, and says what stays', async () => {
    const id = 'acct_subject';
    const byHand = 'acct_by_hand';
    await workedOnByHand(byHand);
    // As cases that people opened were written before.
    const older = `detail = detail || '{"reason":"canary of old"}'`;
    await onPostgres(`update case_entries set ${older} where kind = 'opened' and detail ? 'note'`);
    await onPostgres(`update audit set ${older} where kind = 'case.opened' and detail ? 'note'`);
    expect(JSON.stringify((await one.call('GET', `/v1/subjects/${byHand}/export`)).body)).toContain('canary-source');
    await added('burned', 'canary_card');
    await added('burned', '+1 (202) 555-0143');
    await eventually(async () => (await access(one, withCard('canary_card'))) === 'held');
    const decision = await one.evaluate(marked(id, 'signup'));
    expect(decision.access.state).toBe('held');
    await other.evaluate(marked(id, 'api_key_created'));
    const path = `/v1/cases/${decision.case_id}`;
    expect((await one.call('POST', `${path}/notes`, { body: { text: 'canary note' } })).status).toBe(201);
    const { body: claim } = await one.call('POST', `${path}/claim`);
    const decided = { claim_token: claim.claim_token, decision: 'reject', reason: 'canary reason', note: 'canary' };
    expect((await one.call('POST', `${path}/decisions`, { body: decided })).status).toBe(200);
    await one.call('POST', `/v1/accounts/${id}/verifications`, {
      body: { method: 'phone', result: 'failed', evidence: { phone: '+12025550143' } },
    });
    const appeal = await one.call('POST', '/v1/appeals', { body: { account_id: id, message: 'canary appeal' } });
    expect(appeal.status).toBeLessThan(300);
    // What is refused is not kept either.
    await one.call('POST', '/v1/evaluations', { body: { ...marked('acct_refused', 'signup'), canary: 'canary' } });
    await one.call('GET', `/v1/audit?canary=canary`);

    const { body: record } = await one.call('GET', `/v1/subjects/${id}/export`);
    expect(record.events).toHaveLength(2);
    expect(record.events[0].email.address).toBe('canary.person+tag@canary-mail.example');
    expect(JSON.stringify(record.appeals)).toContain('canary appeal');
    expect(record.memory.parts.phone).toBeDefined();

    const erased = await one.call('DELETE', `/v1/subjects/${id}`);
    expect(erased.status).toBe(200);
    const counts = Object.fromEntries(
      erased.body.erased.map((part: { what: string; count: number }) => [part.what, part.count]),
    );
    expect(counts).toMatchObject({ sealed_texts: 3, decision_inputs: 1, list_entries: 2, account_memory: 1 });
    expect(counts.notes).toBeGreaterThanOrEqual(2);
    expect(erased.body.kept.map((part: { what: string }) => part.what)).toEqual(
      expect.arrayContaining(['access', 'decisions', 'cases', 'audit']),
    );
    expect((await one.call('DELETE', `/v1/subjects/${byHand}`)).status).toBe(200);
    for (const path of [`/v1/accounts/${byHand}`, `/v1/subjects/${byHand}/export`])
      expect(JSON.stringify((await one.call('GET', path)).body)).not.toMatch(canaries);
    const { body: kept } = await one.call('GET', `/v1/subjects/${byHand}/export`);
    expect(kept.labels.map(({ label, source }: Record<string, string>) => [label, source])).toEqual([
      ['fraud', expect.stringMatching(/^case:case_/)],
      // Of the release that took it back.
      ['honest', 'erased'],
      ['fraud', 'erased'],
      ['fraud', 'erased'],
    ]);
    // Of another account, which paid with the same card, nothing was erased; it is asked for as well.
    for (const held of (await one.call('GET', '/v1/cases?state=open&limit=200')).body.data)
      if (held.account_id !== id) await one.call('DELETE', `/v1/subjects/${held.account_id}`);

    const stores = `${await dumpPostgres(postgres.url)}\n${await dumpRedis(redis.url)}`;
    expect(stores).toContain(id);
    expect(stores.split('\n').filter((line) => line.search(canaries) >= 0)).toEqual([]);
    expect(`${one.output}${other.output}`.split('\n').filter((line) => line.search(canaries) >= 0)).toEqual([]);

    // From a digest without a key, everything else about the event being known, an address could be tried.
    for (const event of [marked(id, 'signup'), marked(id, 'api_key_created')]) {
      expect(stores).not.toContain(createBodyHash('').former(canonicalJson(event)));
      const repeat = await other.call('POST', '/v1/evaluations', { body: event });
      expect(repeat).toMatchObject({ status: 200, body: { event_id: event.event_id, account_id: id } });
      const stranger = { ...event, account: { ...event.account, id: 'acct_stranger' } };
      expect((await one.call('POST', '/v1/evaluations', { body: stranger })).status).toBe(422);
    }
    expect((await one.call('GET', `/v1/decisions?account_id=${id}`)).body.data).toHaveLength(2);

    const again = await one.call('DELETE', `/v1/subjects/${id}`);
    expect(again.body.erased.filter((part: { count: number }) => part.count > 0)).toMatchObject([
      { what: 'account_memory' },
    ]);
    expect((await one.gate({ accountId: id })).status).toBe(403);
    expect((await one.call('GET', `/v1/subjects/${id}/export`)).body.events).toEqual([]);
    expect((await one.call('DELETE', '/v1/subjects/acct_nobody')).status).toBe(404);
    const audit = await one.call('GET', `/v1/audit?subject=${id}&kind=subject.erased`);
    expect(audit.body.data).toHaveLength(2);
    const trail = await one.call('GET', '/v1/audit/verification');
    expect(trail.body).toMatchObject({ ok: true, problems: [] });
  }, 60_000);
});
