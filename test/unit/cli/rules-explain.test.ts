import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run as evaluate } from '../../../src/cli/rules-eval.js';
import { run as explain } from '../../../src/cli/rules-explain.js';
import { rightRules } from '../../support/rule-files.js';
import { runCommand } from '../../support/run-command.js';

let home = '';
const at = (name: string): string => join(home, name);
const write = (name: string, value: unknown): Promise<void> =>
  writeFile(at(name), typeof value === 'string' ? value : JSON.stringify(value));

const signup = (number: number, more: object = {}) => ({
  type: 'signup',
  event_id: `evt_${number}`,
  occurred_at: `2026-05-01T12:0${number}:00.000Z`,
  account: { id: `acct_${number}` },
  ip: '203.0.113.7',
  email: { address: `somebody${number}@mail.example` },
  payment: { fingerprint: 'pm_1' },
  ...more,
});

const networkRules = `reasons:
  network.anonymous: { title: Anonymous network, public: additional_verification_required }
rules:
  - { id: from-network, family: network, on: [signup], when: ip.asn == 64500, points: 40, reason: network.anonymous, title: asn, owner: me }
`;

const explained = (...args: readonly string[]) => runCommand(explain, [...args, '--rules', at('rules')]);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-explain-'));
  await mkdir(at('rules'));
  await write('rules/rules.yml', rightRules);
  await mkdir(at('networks'));
  await write('networks/rules.yml', networkRules);
  await mkdir(at('data'));
  await write('data/asn.csv', '203.0.113.0,203.0.113.255,64500,Somebody\n');
  await write('event.json', signup(4));
  const late = signup(9, { payment: { fingerprint: 'pm_1' } });
  await write(
    'state.jsonl',
    [1, 2, 3]
      .map((number) => JSON.stringify(signup(number)))
      .concat(JSON.stringify(late))
      .join('\n'),
  );
  await write('bad.jsonl', `${JSON.stringify(signup(1))}\n{"type":"login"}\n`);
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('the file of an event', () => {
  it('may begin with a byte order mark', async () => {
    await writeFile(at('marked.json'), `\uFEFF${JSON.stringify(signup(4))}`);
    const plain = await explained(at('event.json'), '--json');
    expect(plain.status).toBe(0);
    expect(await explained(at('marked.json'), '--json')).toEqual(plain);
    const inHistory = await explained(at('marked.json'), '--state', at('state.jsonl'), '--json');
    expect(inHistory.status).toBe(0);
  });

  it('is UTF-8, as a request to the service', async () => {
    await writeFile(at('latin.json'), JSON.stringify(signup(4, { payment: { fingerprint: 'caf\u00e9' } })), 'latin1');
    const asked = [at('latin.json'), '--rules', at('rules')];
    for (const done of [await runCommand(explain, asked), await runCommand(evaluate, ['-e', 'true', ...asked])])
      expect(done).toMatchObject({ status: 1, err: `portcullis: '${at('latin.json')}' is not UTF-8\n` });
  });
});

describe('rules explain of an event in its history', () => {
  it('counts what happened before it, and nothing of what came later', async () => {
    const { status, out } = await explained(at('event.json'), '--state', at('state.jsonl'), '--json');
    expect(status).toBe(0);
    const told = JSON.parse(out);
    expect(told).toMatchObject({ earlier_events: 3, evidence: { agrees: true } });
    const card = told.rules.find(({ id }: { id: string }) => id === 'payment-many-accounts');
    expect(card).toMatchObject({ result: 'fires', points: 40, leaves: [{ values: { accounts_per_card_90d: 4 } }] });
    expect(told.outcome).toMatchObject({
      score: 40,
      lower: [{ without: ['payment-many-accounts'], outcome: 'allow' }],
    });
  });

  it('looks addresses up in the IP data that it is given', async () => {
    const shown = async (...more: readonly string[]) => {
      const args = ['--state', at('state.jsonl'), '--json', '--rule', 'from-network', ...more];
      const { out } = await runCommand(explain, [at('event.json'), ...args, '--rules', at('networks')]);
      return JSON.parse(out).rules[0].result;
    };
    expect(await shown()).not.toBe('fires');
    expect(await shown('--data', at('data'))).toBe('fires');
    const alone = await explained(at('event.json'), '--data', at('data'));
    expect(alone).toMatchObject({ status: 1, err: expect.stringContaining('--data goes with --state') });
  });

  it('is told in sentences, in the order of what fired', async () => {
    const { out } = await explained(at('event.json'), '--state', at('state.jsonl'));
    expect(out).toMatch(
      /^evt_4: signup, after 3 earlier events\n\w+, score 40 = payment 40\n {2}payment: 40 \(payment-many-accounts\)\n/,
    );
    expect(out).toContain('  without payment-many-accounts it would be allow, score 0\n');
    expect(out).toMatch(
      /\n\n✓ fires {3}payment-many-accounts: 40 points\n {4}✓ true {4}accounts_per_card_90d >= 3 +\(accounts_per_card_90d = 4\)\n {4}would not fire with accounts_per_card_90d: 4 → 2\n/,
    );
  });

  it('says of a rule whose condition is true that its points are unknown, and makes up no values for them', async () => {
    const graded = rightRules
      .replace('when: accounts_per_card_90d >= 3', 'when: ip.is_vpn')
      .replace('points: 40', 'points: 40 / accounts_per_card_90d');
    await mkdir(at('graded'), { recursive: true });
    await write('graded/rules.yml', graded);
    const about = async (given: object, ...more: readonly string[]): Promise<string> => {
      const rule = ['--rule', 'payment-many-accounts', '--rules', at('graded')];
      return (await runCommand(explain, ['--given', JSON.stringify(given), ...rule, ...more])).out;
    };
    expect(await about({ 'ip.is_vpn': true })).toMatch(
      /^\? unknown payment-many-accounts\n.*\n {4}its points are unknown: 40 \/ accounts_per_card_90d {2}\(accounts_per_card_90d = none\)\n$/,
    );
    expect(await about({ 'ip.is_vpn': true, accounts_per_card_90d: 0 })).toMatch(
      /\(accounts_per_card_90d = 0\)\n {4}would fire with accounts_per_card_90d: 0 → 1\n$/,
    );
    expect(JSON.parse(await about({ 'ip.is_vpn': true }, '--json'))).toMatchObject({
      rules: [{ unknown_points: { text: '40 / accounts_per_card_90d', values: { accounts_per_card_90d: null } } }],
    });
    expect(await about({ 'ip.is_vpn': false })).not.toContain('points are unknown');
  });

  it('shows one rule, or only those that nearly fired', async () => {
    const one = await explained(
      at('event.json'),
      '--state',
      at('state.jsonl'),
      '--rule',
      'network-anonymous',
      '--json',
    );
    expect(JSON.parse(one.out).rules).toHaveLength(1);
    const misses = await explained(at('event.json'), '--why-not', '--json');
    const told: { id: string; result: string; flip?: unknown[] }[] = JSON.parse(misses.out).rules;
    expect(told.map(({ id }) => id)).toEqual(['payment-many-accounts', 'network-anonymous']);
    expect(told.every(({ result, flip }) => result !== 'fires' && flip !== undefined)).toBe(true);
  });

  it.each([
    ['a line that is no event', ['event.json', '--state', 'bad.jsonl'], /bad\.jsonl:2: /],
    ['a history that is not there', ['event.json', '--state', 'none.jsonl'], /cannot read .*none\.jsonl/],
    ['an event that is none', ['state.jsonl', '--state', 'state.jsonl'], /state\.jsonl' is no event/],
    ['values given beside a history', ['event.json', '--state', 'state.jsonl', '--given', '{}'], /do not go together/],
    ['a history without an event', ['--given', '{}', '--state', 'state.jsonl'], /--state is for an event/],
    ['the present of an event', ['event.json', '--now'], /--now is for a decision/],
    ['two events', ['event.json', 'event.json'], /takes one event/],
  ])('refuses %s in one line', async (_, args, message) => {
    const named = args.map((arg) => (/\.jsonl?$/.test(arg) ? at(arg) : arg));
    const { status, out, err } = await explained(...named);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(message);
    expect(err).toMatch(/^portcullis: [^\n]+\n$/);
  });
});

describe('rules eval', () => {
  it.each([
    [['ip.asn > 2'], /an expression comes after -e: rules eval -e 'ip\.asn > 2'/],
    [['-e', 'true', 'a.json', 'b.json'], /'b\.json' is a second/],
    [['--batch', 'x.jsonl', '-e', 'true'], /nothing goes with it/],
  ])('refuses %j in one line', async (args, message) => {
    const { status, err } = await runCommand(evaluate, [...args, '--rules', at('rules')]);
    expect(status).toBe(1);
    expect(err).toMatch(message);
  });

  it('says of what has no value why not', async () => {
    const given = '{"ip.is_tor":{"unavailable":"no data"}}';
    const { out } = await runCommand(evaluate, [
      '-e',
      'ip.is_tor && ip.is_vpn',
      '--given',
      given,
      '--rules',
      at('rules'),
    ]);
    expect(out).toBe('unknown\n  ip.is_tor could not be had: no data\n  ip.is_vpn is missing\n');
  });
});
