import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run as check } from '../../../src/cli/rules-check.js';
import { run as evaluate } from '../../../src/cli/rules-eval.js';
import { run as explain } from '../../../src/cli/rules-explain.js';
import { run as reads } from '../../../src/cli/rules-reads.js';
import { run as schema } from '../../../src/cli/rules-schema.js';
import { run as test } from '../../../src/cli/rules-test.js';
import { rightRules } from '../../support/rule-files.js';
import { type CommandRun, runCommand } from '../../support/run-command.js';

const list = '# source: own\n# date: 2026-11-21\nburned-1\n';
const listRule = 'when: anonymous_exit && (signups_per_prefix_10m > 2 || payment.fingerprint in lists.burned)';
const listed = rightRules.replace('when: anonymous_exit && signups_per_prefix_10m > 2', listRule);

let home = '';
const at = (...parts: string[]): string => join(home, ...parts);

/** A rules folder of these files. */
async function rulesIn(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(at(name, path)), { recursive: true });
    await writeFile(at(name, path), text);
  }
  return at(name);
}

let right = '';
let warned = '';
let broken = '';
let failing = '';
let event = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-cli-'));
  right = await rulesIn('right', { 'rules.yml': listed, 'lists/burned.txt': list });
  warned = await rulesIn('warned', { 'rules.yml': listed, 'lists/burned.txt': list, 'lists/idle.txt': list });
  const typo = listed
    .replace('when: accounts_per_card_90d', "when: '\tacounts_per_card_90d")
    .replace('>= 3\n', ">= 3'\n");
  broken = await rulesIn('broken', { 'rules.yml': typo.replace('holdd', 'hold'), 'lists/burned.txt': list });
  failing = await rulesIn('failing', {
    'rules.yml': listed.replace('{ accounts_per_card_90d: 3 }', '{ accounts_per_card_90d: 2 }'),
    'lists/burned.txt': list,
  });
  event = at('event.json');
  await writeFile(
    event,
    JSON.stringify({
      type: 'signup',
      event_id: 'evt_1',
      occurred_at: '2026-05-01T12:00:00.000Z',
      account: { id: 'acct_1', path: 'standard' },
      ip: '8.8.8.8',
      user_agent:
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
      email: { address: 'Li.Wei+x@GMail.com' },
      phone: { number: '+14155550123' },
      payment: { fingerprint: 'burned-1', funding: 'prepaid', country: 'DE' },
    }),
  );
});
afterAll(() => rm(home, { recursive: true, force: true }));

const json = ({ out }: CommandRun): unknown => JSON.parse(out);
const evalJson = async (...args: string[]): Promise<unknown> =>
  json(await runCommand(evaluate, [...args, '--rules', right, '--json']));

describe('rules check', () => {
  it('says in one line that all is well, and in another what caps the points of families', async () => {
    const { status, out, err } = await runCommand(check, [right]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^ok: 2 rules, 2 features, 1 lists; version \w+, sha256:\w{12}…\npoints of .+\n$/);
    expect(out).toContain('points of a family are cut at: network 45, all others 100\n');
    const silent = await rulesIn('no-caps', { 'rules.yml': rightRules.replace(/ {2}family_caps:.*\n/, '') });
    expect((await runCommand(check, [silent])).out).toContain(
      'network 45, device 45, email 30, all others 100 (the policy has no family_caps: these are the defaults)',
    );
  });

  it('prints what programs read', async () => {
    const run = await runCommand(check, [right, '--json']);
    expect(run.status).toBe(0);
    expect(json(run)).toEqual({ ok: true, errors: [], warnings: [] });
  });

  it('tells of files in lists that are not read, but not of what people write about them', async () => {
    const odd = await rulesIn('odd-lists', {
      'rules.yml': listed,
      'lists/burned.txt': list,
      'lists/more.csv': 'a,b\n',
      'lists/README.md': 'Ours.\n',
      'lists/sub/burned.txt': list,
      'Lists/burned.txt': list,
      'z.YML': listed,
    });
    const { warnings } = JSON.parse((await runCommand(check, [odd, '--json'])).out);
    expect(warnings.map(({ code, file }: { code: string; file: string }) => `${file} ${code}`)).toEqual([
      'Lists/burned.txt W012',
      'lists/more.csv W012',
      'lists/sub/burned.txt W012',
      'z.YML W012',
    ]);
  });

  it('takes its folder as other commands do, and tells of an option that there is not', async () => {
    expect((await runCommand(check, ['--rules', right])).status).toBe(0);
    expect((await runCommand(check, [right, '--folder'])).err).toBe(
      "portcullis: Unknown option '--folder'; --help tells what there is\n",
    );
  });

  it('says where no policy does from when on somebody is limited or held', async () => {
    const { out } = await runCommand(check, [
      await rulesIn('no-policy', { 'rules.yml': rightRules.replace(/^policy:\n(?: .*\n)+/m, '') }),
    ]);
    expect(out).toContain(
      'there is no policy, and the default one decides: limit from 30 points, hold from 60, by points of 2 families\n',
    );
  });

  it('tells every error with its place, counted in UTF-16 units from 1 with a tab as one', async () => {
    const run = await runCommand(check, [broken, '--json']);
    expect(run.status).toBe(1);
    expect(json(run)).toEqual({
      ok: false,
      errors: [
        {
          code: 'E101',
          message: "unknown field 'acounts_per_card_90d'",
          hint: "did you mean 'accounts_per_card_90d'?",
          file: 'rules.yml',
          line: 13,
          column: 13,
          end_column: 33,
          rule: 'payment-many-accounts',
        },
      ],
      warnings: [],
    });
  });

  it('shows people the line and a caret under the wrong word', async () => {
    const { status, out } = await runCommand(check, [broken]);
    expect(status).toBe(1);
    expect(out).toContain(`  --> ${join(broken, 'rules.yml')}:13:13  (rule payment-many-accounts)\n`);
    const [text = '', carets = ''] = out.split('\n').slice(2);
    expect(text.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('acounts_per_card_90d');
    expect(out).toMatch(/1 error, 0 warnings; each code has its page in docs\/errors\/\n$/);
  });

  it('fails for a warning only when it is asked to be strict', async () => {
    const lenient = await runCommand(check, [warned, '--json']);
    expect(lenient.status).toBe(0);
    expect(json(lenient)).toMatchObject({ ok: true, errors: [], warnings: [{ code: 'W003', file: 'lists/idle.txt' }] });
    expect((await runCommand(check, [warned, '--strict'])).status).toBe(1);
  });

  it('writes SARIF 2.1.0', async () => {
    const run = await runCommand(check, [broken, '--sarif']);
    expect(run.status).toBe(1);
    expect(json(run)).toMatchObject({
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'portcullis rules check', rules: [{ id: 'E101' }] } },
          columnKind: 'utf16CodeUnits',
          results: [
            {
              ruleId: 'E101',
              level: 'error',
              message: { text: expect.stringContaining('acounts_per_card_90d') },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: expect.stringMatching(/broken\/rules\.yml$/) },
                    region: { startLine: 13, startColumn: 13, endColumn: 33 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('takes the folder from RULES_DIR when none is named', async () => {
    expect((await runCommand(check, [], { RULES_DIR: broken })).status).toBe(1);
    expect((await runCommand(check, [right], { RULES_DIR: broken })).status).toBe(0);
  });

  it('does not take a folder without rules for a rule set', async () => {
    await mkdir(at('empty'), { recursive: true });
    const run = await runCommand(check, [at('empty'), '--json']);
    expect(run.status).toBe(1);
    expect(json(run)).toMatchObject({ ok: false, errors: [{ code: 'E032', file: '.', line: 1, column: 1 }] });
  });
});

describe('rules eval', () => {
  it.each([
    [
      'accounts_per_card_90d >= 3',
      '{"accounts_per_card_90d":3}',
      { result: true, value: true, reads: { accounts_per_card_90d: 3 } },
    ],
    ['accounts_per_card_90d >= 3', '{}', { result: null, value: null, reads: { accounts_per_card_90d: null } }],
    [
      'has(ip.is_vpn)',
      '{"ip.is_vpn":{"unavailable":"no data"}}',
      { result: null, value: null, reads: { 'ip.is_vpn': { unavailable: 'no data' } } },
    ],
    ['has(ip.is_vpn)', '{}', { result: false, value: false, reads: { 'ip.is_vpn': null } }],
    [
      'anonymous_exit',
      '{"ip.is_tor":true}',
      { result: true, value: true, reads: { 'ip.is_vpn': null, 'ip.is_tor': true } },
    ],
    [
      '4 * accounts_per_card_90d + 10m',
      '{"accounts_per_card_90d":2}',
      { value: 608, reads: { accounts_per_card_90d: 2 } },
    ],
    ['payment.fingerprint in lists.burned', '{"payment.fingerprint":"burned-1"}', { result: true }],
    ['ip.asn == 7', '{"ip.asn":null}', { result: null }],
  ])('%s with %s', async (expression, given, expected) => {
    expect(await evalJson('-e', expression, '--given', given)).toMatchObject(expected);
  });

  it('shows a type error at the wrong operand and exits 1', async () => {
    const run = await runCommand(evaluate, ['-e', 'ip.asn == "7"', '--rules', right, '--json']);
    expect(run.status).toBe(1);
    const { error } = JSON.parse(run.out);
    expect(error).toMatchObject({ code: 'E111', file: '<expression>', line: 1, column: 11, end_column: 14 });
    expect(Object.keys(error)).toEqual(
      expect.arrayContaining(['code', 'message', 'file', 'line', 'column', 'end_column']),
    );
    const shown = await runCommand(evaluate, ['-e', 'ip.asn == "7"', '--rules', right]);
    expect(shown.status).toBe(1);
    expect(shown.out).toMatch(/^error\[E111\]: .*\n {2}--> <expression>:1:11\n1 \| ip\.asn == "7"\n {2}\| {11}\^\^\^/);
  });

  it('computes the signals of an event, and given values win over them', async () => {
    const expression =
      'email.domain == "gmail.com" && ip.version == 4 && payment.is_virtual && phone.country == "US" && ua.browser == "Chrome"';
    expect(await evalJson('-e', expression, event)).toMatchObject({
      result: true,
      reads: { 'payment.is_virtual': true },
    });
    expect(await evalJson('-e', 'ip.country == "US" && ip.asn == 15169', event)).toMatchObject({ result: true });
    expect(await evalJson('-e', 'email.domain', event, '--given', '{"email.domain":"a.example"}')).toEqual({
      value: 'a.example',
      reads: { 'email.domain': 'a.example' },
    });
    expect(await evalJson('-e', 'has(accounts_per_card_90d)', event)).toMatchObject({ result: false });
  });

  it('answers a batch line by line, with errors in their place', async () => {
    const batch = at('cases.jsonl');
    const cases = [
      '{"expr":"accounts_per_card_90d >= 3","given":{"accounts_per_card_90d":4}}',
      '{"expr":"accounts_per_card_90d >=","given":{}}',
      '',
      '{"expr":"ip.asn == 1"}',
      'no json',
      '{"expr":"true","given":{"ip.azn":1}}',
      '{"expr":"true","given":{"ip.asn":"1"}}',
      '{"expr":"min(2, 1)"}',
      '{"expr":"true","givn":{}}',
    ];
    await writeFile(batch, cases.join('\n'));
    const { status, out } = await runCommand(evaluate, ['--batch', batch, '--rules', right]);
    expect(status).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { result: true, value: true, reads: { accounts_per_card_90d: 4 } },
      { error: { code: expect.stringMatching(/^E1/), line: 1, file: '<expression>' } },
      { result: null, value: null, reads: { 'ip.asn': null } },
      { error: { code: 'E012' } },
      { error: { code: 'E031', hint: "did you mean 'ip.asn'?" } },
      { error: { code: 'E031' } },
      { value: 1, reads: {} },
      { error: { code: 'E010', hint: "did you mean 'given'?" } },
    ]);
  });
});

describe('with --json', () => {
  it('says in JSON too what is wrong with the rules or the command line', async () => {
    const broken = at('broken-for-json');
    await mkdir(broken);
    await writeFile(join(broken, 'rules.yml'), 'ruls: []\n');
    const errors = [{ code: 'E010', file: 'rules.yml', line: 1 }];
    for (const [command, args] of [
      [test, [broken]],
      [explain, ['--given', '{}', '--rules', broken]],
      [evaluate, ['-e', 'true', '--rules', broken]],
    ] as const) {
      const run = await runCommand(command, [...args, '--json']);
      expect([run.status, json(run)]).toMatchObject([1, { ok: false, errors }]);
      expect(run.err).toContain('did you mean');
    }
    for (const [command, args] of [
      [check, ['/there/is/no/folder']],
      [check, ['--colour']],
      [test, ['--min', 'many', right]],
    ] as const) {
      const run = await runCommand(command, [...args, '--json']);
      expect([run.status, json(run)]).toEqual([1, { ok: false, error: expect.any(String), errors: [] }]);
      expect(run.err).toContain('portcullis: ');
    }
  });
});

describe('rules test', () => {
  it('counts what passed, and how many leaves some test turns on', async () => {
    const run = await runCommand(test, [right, '--json']);
    expect(run.status).toBe(0);
    expect(json(run)).toMatchObject({
      passed: 4,
      failed: 0,
      tests: [{ name: 'third account', file: 'rules.yml', line: 25, ok: true }, {}, {}, {}],
      coverage: {
        'payment-many-accounts': { fires: 1, quiet: 0, unknown: 1, leaves_decisive: 1, leaves: 1 },
        'network-anonymous': { fires: 1, quiet: 1, unknown: 0, leaves: 4 },
      },
    });
  });

  it('shows what differs and what would turn it, and fails', async () => {
    const run = await runCommand(test, [failing, '--json']);
    expect(run.status).toBe(1);
    const { failed, tests } = JSON.parse(run.out);
    expect(failed).toBe(1);
    expect(tests[0]).toMatchObject({
      ok: false,
      diff: {
        expected: 'fires',
        got: 'quiet',
        leaves: [{ text: 'accounts_per_card_90d >= 3', result: false, values: { accounts_per_card_90d: 2 } }],
        flip: [{ name: 'accounts_per_card_90d', from: 2, to: 3 }],
      },
    });
    expect((await runCommand(test, [failing])).out).toContain('expected fires, got quiet');
  });

  it('names the leaves that no test turns on, and fails below the coverage that is asked for', async () => {
    const { status, out } = await runCommand(test, [right, '--coverage']);
    expect(status).toBe(0);
    expect(out).toContain('no test turns on: payment.fingerprint in lists.burned');
    expect((await runCommand(test, [right, '--min', '99'])).status).toBe(1);
    expect((await runCommand(test, [right, '--min', '20%'])).status).toBe(0);
  });
});

describe('rules explain', () => {
  it('shows each part of a condition with its values, and the smallest change that turns it', async () => {
    const given = '{"accounts_per_card_90d":2,"ip.is_vpn":true,"signups_per_prefix_10m":5}';
    const run = await runCommand(explain, ['--given', given, '--rules', right, '--json']);
    expect(run.status).toBe(0);
    expect(json(run)).toMatchObject({
      rules: [
        {
          id: 'payment-many-accounts',
          result: 'quiet',
          points: 0,
          leaves: [{ text: 'accounts_per_card_90d >= 3', result: false, values: { accounts_per_card_90d: 2 } }],
          flip: [{ name: 'accounts_per_card_90d', from: 2, to: 3 }],
        },
        { id: 'network-anonymous', result: 'fires', points: 20 },
      ],
    });
  });

  it('explains an event, one rule when asked, for people too', async () => {
    const { status, out } = await runCommand(explain, [event, '--rule', 'payment-many-accounts', '--rules', right]);
    expect(status).toBe(0);
    expect(out).toMatch(/^\? unknown payment-many-accounts\n {4}\? unknown accounts_per_card_90d >= 3/);
    const given = ['--given', '{"accounts_per_card_90d":3}'];
    const fired = await runCommand(explain, [event, ...given, '--rule', 'payment-many-accounts', '--rules', right]);
    expect(fired.out).toContain('✓ fires   payment-many-accounts: 40 points');
  });
});

describe('rules reads and rules schema', () => {
  it('tells what each rule reads', async () => {
    const run = await runCommand(reads, [right, '--json']);
    expect(json(run)).toEqual({
      rules: [
        {
          id: 'payment-many-accounts',
          signals: ['email.domain'],
          features: ['accounts_per_card_90d'],
          ring: [],
          lists: [],
          predicates: [],
        },
        {
          id: 'network-anonymous',
          signals: ['ip.is_tor', 'ip.is_vpn', 'payment.fingerprint'],
          features: ['signups_per_prefix_10m'],
          ring: [],
          lists: ['burned'],
          predicates: ['anonymous_exit'],
        },
      ],
      links: [],
    });
  });

  it('writes the schemas into the folder', async () => {
    const { status, out } = await runCommand(schema, [right]);
    expect(status).toBe(0);
    expect(out).toContain(join(right, 'schema', 'rules.json'));
    expect((await readdir(join(right, 'schema'))).sort()).toEqual([
      'policy.json',
      'reasons.json',
      'rules.json',
      'tests.json',
    ]);
  });
});

describe('a command line that is wrong', () => {
  const commands = { check, eval: evaluate, test, explain, reads, schema };
  const wrong: readonly (readonly [keyof typeof commands, ...string[]])[] = [
    ['check', '--unknown'],
    ['check', '/there/is/no/such/folder'],
    ['check', '/dev/null'],
    ['eval'],
    ['eval', '-e'],
    ['eval', '-e', 'true', '--rules', '/there/is/no/such/folder'],
    ['eval', '-e', 'true', '--given', '{'],
    ['eval', '-e', 'true', '--given', '[]'],
    ['eval', '-e', 'true', '--given', '{"ip.azn":1}'],
    ['eval', '-e', 'true', '--given', '{"accounts_per_card_90d.z":1}'],
    ['eval', '-e', 'true', '/there/is/no/event.json'],
    ['eval', '-e', 'true', '/'],
    ['eval', '--batch', '/there/is/no/cases.jsonl'],
    ['test', '--min', 'most'],
    ['explain'],
    ['explain', '--given', '{}', '--rule', 'payment-many-acounts'],
    ['explain', 'dec_01JD'],
    ['reads', '--nothing'],
    ['schema', '/dev/null'],
    ['schema', '/there/is/no/such/folder'],
  ];

  it.each(wrong.map((line) => [line.join(' '), line] as const))(
    'rules %s is told in one line',
    async (_, [name, ...args]) => {
      const environment = { RULES_DIR: right, DATA_DIR: at('data') };
      const { status, out, err } = await runCommand(commands[name], args, environment);
      expect({ status, out }).toEqual({ status: 1, out: '' });
      expect(err).toMatch(/^portcullis: [^\n]+\n$/);
      expect(err).not.toMatch(/\bat .*:\d+:\d+/);
    },
  );

  it('is told what is no event, and what is no JSON', async () => {
    for (const [name, text] of [
      ['bad.json', '{"type":'],
      ['other.json', '{"type":"login","account":{"id":"a"}}'],
    ] as const) {
      await writeFile(at(name), text);
      const run = await runCommand(evaluate, ['-e', 'true', at(name)], { RULES_DIR: right });
      expect({ status: run.status, out: run.out }).toEqual({ status: 1, out: '' });
      expect(run.err).toMatch(/^portcullis: [^\n]+\n$/);
    }
  });

  it.each(Object.entries(commands))('rules %s --help shows its usage', async (name, command) => {
    const { status, out, err } = await runCommand(command, ['--help']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(new RegExp(`^usage: portcullis rules ${name} `));
  });
});
