import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ReplSession } from '../../../src/cli/repl-session.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import type { RuleSet } from '../../../src/ruleset/rule-set.js';
import { rightRules } from '../../support/rule-files.js';

const now = Date.parse('2026-05-01T12:00:00.000Z');
const list = '# source: own\n# date: 2026-11-21\nburned-1\n';
const files = new Map([
  ['rules.yml', rightRules],
  ['lists/burned.txt', list],
]);

function loaded(): RuleSet {
  const { ruleSet, errors } = loadRuleSet({ files, now });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  return ruleSet;
}

describe('a session', () => {
  const ruleSet = loaded();
  let session: ReplSession;
  beforeEach(() => {
    const load = async (what: string) => {
      if (what !== 'event.json') throw new Error(`there is no '${what}'`);
      const slots = ruleSet.newSlots();
      slots[ruleSet.slotOf('event.type') ?? -1] = 'signup';
      slots[ruleSet.slotOf('ip.is_vpn') ?? -1] = true;
      return slots;
    };
    session = new ReplSession({ ruleSet, now: () => now, load });
  });

  const say = async (...lines: readonly string[]) => {
    let last = await session.submit('');
    for (const line of lines) last = await session.submit(line);
    return last;
  };

  it.each<readonly [string, readonly string[], boolean, string | RegExp]>([
    ['is silent about nothing and comments', ['  ', '# why'], true, ''],
    ['takes an odd name for a name', ['__proto__ = 3'], false, "there is no signal or feature '__proto__'"],
    ['gives values', ['min(2, 1) + 10m'], true, '601'],
    [
      'shows what was read',
      ['accounts_per_card_90d = 3', 'accounts_per_card_90d >= 3'],
      true,
      'true  (accounts_per_card_90d = 3)',
    ],
    [
      'says why something is unknown',
      ['accounts_per_card_90d >= 3'],
      true,
      /^unknown: accounts_per_card_90d is absent; has\(\)/,
    ],
    [
      'tells absent from unavailable',
      ['ip.is_vpn = unavailable no data', 'has(ip.is_vpn)'],
      true,
      'unknown: ip.is_vpn could not be had (no data)',
    ],
    [
      'shows each part of a condition',
      ['ip.is_vpn = true', 'ip.is_vpn && ip.is_tor'],
      true,
      /^unknown.*\n {4}✓ true +ip\.is_vpn +\(.*\n {4}\? unknown ip\.is_tor/,
    ],
    ['takes text with and without quotes', ['email.domain = gmail.com', 'email.domain'], true, /^"gmail\.com"/],
    ['takes durations and other expressions', ['accounts_per_card_90d = 2 * 2', 'accounts_per_card_90d'], true, /^4/],
    ['takes values back', ['ip.is_vpn = true', ':unset ip.is_vpn', 'has(ip.is_vpn)'], true, 'false'],
    ['takes everything back', ['ip.is_vpn = true', ':unset', ':inputs'], true, 'none'],
    ['makes an input absent', ['ip.is_vpn = true', 'ip.is_vpn = none', ':set'], true, 'ip.is_vpn = none'],
    ['lists inputs by their beginning', ['ip.is_tor = true', ':inputs ip.is_t'], true, 'ip.is_tor = true'],
    [
      'explains a rule',
      ['accounts_per_card_90d = 2', ':rule payment-many-accounts'],
      true,
      /^✗ quiet {3}payment-many-accounts\n.*\n {4}would fire with accounts_per_card_90d: 2 → 3$/,
    ],
    [
      'computes points',
      ['accounts_per_card_90d = 4', ':points payment-many-accounts'],
      true,
      /the rule fires: 40 points \(at most 100\)$/,
    ],
    ['tells the outcome of a loaded event', [':load event.json', ':outcome'], true, /^allow, score 0/],
    ['lets given values win over loaded ones', ['ip.is_vpn = false', ':load event.json', 'ip.is_vpn'], true, /^false/],
    [
      'shows a caret under what is wrong',
      ['ip.azn == 1'],
      false,
      /^error\[E101\].*\n.*\n1 \| ip\.azn == 1\n {2}\| \^{6} did you mean 'ip\.asn'\?$/,
    ],
    ['knows commands', [':rul x'], false, "there is no command ':rul'; did you mean ':rule'?"],
    ['knows rules', [':rule payment-many-acounts'], false, /did you mean 'payment-many-accounts'/],
    ['knows the types of inputs', ['accounts_per_card_90d = "3"'], false, /is a number, not "3"/],
    ['knows the names of inputs', ['ip.is_vpm = true'], false, /did you mean 'ip\.is_vpn'/],
    ['needs an event for an outcome', [':outcome'], false, /there is no event/],
    ['helps', [':help'], true, /:rule ID/],
  ])('%s', async (_, lines, ok, text) => {
    const answer = await say(...lines);
    if (typeof text === 'string') expect(answer.text).toBe(text);
    else expect(answer.text).toMatch(text);
    expect(answer.ok).toBe(ok);
  });

  it('ends when it is told to', async () => {
    expect(await say(':quit')).toMatchObject({ ok: true, quit: true });
  });

  it('completes names, lists, commands and rules', () => {
    expect(session.complete('2 > accounts_per_c')).toEqual([['accounts_per_card_90d'], 'accounts_per_c']);
    expect(session.complete('payment.fingerprint in lists.b')).toEqual([['lists.burned'], 'lists.b']);
    expect(session.complete('anonymous')).toEqual([['anonymous_exit'], 'anonymous']);
    expect(session.complete(':ru')).toEqual([[':rule'], ':ru']);
    expect(session.complete(':points pay')).toEqual([['payment-many-accounts'], 'pay']);
  });
});

describe('the command', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'portcullis-repl-'));
    await writeFile(join(dir, 'rules.yml'), rightRules);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  /** As an author runs it with a pipe. */
  async function piped(input: string, ...args: readonly string[]) {
    const program = [
      '--import',
      './test/support/run-typescript.mjs',
      'src/main.ts',
      'rules',
      'repl',
      '--rules',
      dir,
      ...args,
    ];
    const child = spawn(process.execPath, ['--no-warnings', ...program], { stdio: ['pipe', 'pipe', 'pipe'] });
    const printed = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      printed.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      printed.err += chunk;
    });
    child.stdin.end(input);
    const [status] = await once(child, 'close');
    return { status, ...printed };
  }

  it('reads a pipe without prompts, and exits 0 at its end', async () => {
    const run = await piped('accounts_per_card_90d >= 3\n:quit\nignored(\n', '--given', '{"accounts_per_card_90d":3}');
    expect(run).toEqual({ status: 0, out: 'true  (accounts_per_card_90d = 3)\n', err: '' });
  });

  it('goes on after a line that is wrong, and exits 1', async () => {
    const run = await piped('1 +\n:load /there/is/no/event.json\n1 + 1\n');
    expect(run).toMatchObject({ status: 1, out: '2\n' });
    expect(run.err).toMatch(/^portcullis: line 1: error\[E\d+\]/);
    expect(run.err).toMatch(/portcullis: line 2: cannot read '\/there\/is\/no\/event\.json': ENOENT/);
  });

  it('tells of a line that is too long, and goes on', async () => {
    const run = await piped(`1 + 1\r\n${'1'.repeat(5 * 1024 * 1024)}\n2 + 2\n`);
    expect(run).toEqual({ status: 1, out: '2\n4\n', err: 'portcullis: line 2: this is longer than 4 MiB\n' });
  });
});
