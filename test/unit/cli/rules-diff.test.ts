import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readGitRules } from '../../../src/adapters/files/git-rules.js';
import { run } from '../../../src/cli/rules-diff.js';
import { minute, signupAt } from '../../support/replay.js';
import { rightRules } from '../../support/rule-files.js';
import { runCommand } from '../../support/run-command.js';

let home = '';
const list = '# source: own\n# date: 2026-11-01\nburned-1\n';
const listed = rightRules.replace(
  'accounts_per_card_90d >= 3\n',
  'accounts_per_card_90d >= 3 || payment.fingerprint in lists.burned\n',
);
const looser = listed.replace('points: 40', 'points: 30');

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
}

/** Without the settings of whoever runs the tests. */
const git = (...args: string[]): void => {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...args], { cwd: join(home, 'repo'), stdio: 'ignore' });
};

const before = process.cwd();
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-diff-test-'));
  await write({
    'repo/rules/all.yml': listed,
    'repo/rules/lists/burned.txt': list,
    'repo/rules/.hidden.yml': 'x',
    'repo/other/readme.md': '',
  });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'first');
  await write({
    'repo/rules/all.yml': looser,
    'broken/all.yml': rightRules.replace('>= 3', '>='),
    'old/all.yml': rightRules,
  });
  await write({ 'card/all.yml': rightRules.replace('accounts_per_card_90d >= 3', 'accounts_per_card_90d >= 1') });
  process.chdir(join(home, 'repo'));
});
afterAll(async () => {
  process.chdir(before);
  await rm(home, { recursive: true, force: true });
});

const diff = (...args: string[]) => runCommand(run, args);

describe('portcullis rules diff', () => {
  it('compares a revision with the folder as it is, under its usual name or another', async () => {
    for (const old of ['HEAD', 'HEAD:rules']) {
      const { status, out } = await diff(old, 'rules');
      expect(status).toBe(0);
      expect(out).toBe(
        `${old} -> rules: 1 change\n\nCan hold or limit fewer people:\n  rule payment-many-accounts: 30 points, instead of 40 points\n`,
      );
    }
  });

  it('finds the folder of a revision from RULES_DIR, wherever it is', async () => {
    const again = await runCommand(run, ['HEAD', 'rules'], { RULES_DIR: join(process.cwd(), 'rules') });
    expect(again.out).toContain('HEAD -> rules: 1 change');
    process.chdir('rules');
    const within = await runCommand(run, ['HEAD', '.'], { RULES_DIR: '.' });
    process.chdir('..');
    expect(within.out).toContain('HEAD -> .: 1 change');
  });

  it('ends like git diff --exit-code when it is asked to', async () => {
    expect((await diff('HEAD', 'rules', '--exit-code')).status).toBe(1);
    expect(await diff('HEAD', 'HEAD', '--exit-code')).toMatchObject({
      status: 0,
      out: "no difference between 'HEAD' and 'HEAD'\n",
    });
  });

  it('prints what programs read', async () => {
    const { out } = await diff('HEAD', 'rules', '--json');
    expect(JSON.parse(out)).toMatchObject({
      same: false,
      old: { source: 'HEAD', rules: 2, hash: expect.stringMatching(/^sha256:/) },
      changes: [{ thing: 'rule', name: 'payment-many-accounts', what: 'points', effect: 'looser' }],
    });
  });

  it.each([
    [['nowhere', 'rules'], "'nowhere' is neither a directory nor a Git revision with rules"],
    [['--', '-x', 'rules'], "'-x' is no revision"],
    [['HEAD:other', 'rules'], "'HEAD:other' holds no rules"],
    [['HEAD'], 'rules diff needs OLD and NEW'],
    [['HEAD', 'rules', '--nope'], "Unknown option '--nope'"],
    [['HEAD', 'rules', '../none.jsonl'], "there is no '../none.jsonl'"],
    [['HEAD', 'rules', '--since', '1d', '../none.jsonl'], '--since and --until are for --service'],
  ])('says in one line what is wrong with %j', async (args, expected) => {
    const { status, out, err } = await diff(...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(expected);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('shows the errors of a rule set that has some', async () => {
    const { status, err } = await diff('rules', join(home, 'broken'));
    expect(status).toBe(2);
    expect(err).toContain('error[');
    expect(err).toContain("broken' have errors");
  });

  it('says which decisions of past events change, and leaves nothing behind', async () => {
    const events = Array.from({ length: 4 }, (_, n) =>
      signupAt(`a${n}`, n * minute, { payment: { fingerprint: 'pm_1' } }),
    );
    await write({ 'events.jsonl': events.map((event) => `${JSON.stringify(event)}\n`).join('') });
    const { status, out, err } = await diff('HEAD', join(home, 'card'), join(home, 'events.jsonl'), '--data-dir', home);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('fires from 1 account instead of 3 (accounts_per_card_90d)');
    expect(out).toContain('4 events of 4 accounts');
    expect(out).toContain('from the baseline to the candidate');
  });
});

describe('rules diff of past events that Ctrl-C ends', () => {
  it('says that what it tells is partial, and ends as shells tell it, with --exit-code too', async () => {
    const events = Array.from({ length: 9000 }, (_, n) => JSON.stringify(signupAt(`a${n}`, n * minute)));
    await write({ 'many.jsonl': events.join('\n') });
    const others = new Set(process.listeners('SIGINT'));
    // Whoever runs the tests is not told.
    const pressing = setInterval(() => {
      for (const listener of process.listeners('SIGINT')) if (!others.has(listener)) listener('SIGINT');
    }, 1);
    const asked = ['HEAD', join(home, 'card'), join(home, 'many.jsonl'), '--data-dir', home, '--exit-code'];
    const { status, out } = await diff(...asked).finally(() => clearInterval(pressing));
    expect([status, out]).toEqual([130, expect.stringContaining('PARTIAL')]);
  });
});

describe('The rules of a revision', () => {
  it('are told when there is a link among them, which is not followed', async () => {
    await symlink('all.yml', join(home, 'repo/rules/link.yml'));
    git('add', '.');
    git('commit', '-qm', 'a link');
    const read = await readGitRules('HEAD', 'rules');
    expect(read).toMatchObject({ ok: true, value: { unreadable: [{ path: 'link.yml' }] } });
    expect(read.ok && [...read.value.files.keys()].sort()).toEqual(['all.yml', 'lists/burned.txt']);
  });
});
