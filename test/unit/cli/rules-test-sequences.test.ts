import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadRulesFolder } from '../../../src/adapters/files/open-rules.js';
import { run as check } from '../../../src/cli/rules-check.js';
import { run as test } from '../../../src/cli/rules-test.js';
import { watchTests } from '../../../src/cli/rules-test-watch.js';
import { withFiles } from '../../support/replay.js';
import { rightRules } from '../../support/rule-files.js';
import { runCommand } from '../../support/run-command.js';
import { parseXml } from '../../support/well-formed-xml.js';

const holds = `name: the third account on a card is held
events:
  - { repeat: 3, every: 1h, type: signup, account.id: "a{n}", ip: "203.0.113.{n}", payment.fingerprint: c1 }
expect:
  - { event: 1-2, quiet: [payment-many-accounts], outcome: allow }
  - { event: 3, fires: [payment-many-accounts], outcome: hold }
`;
const fails = `# ours
tests:
  - name: two are held <already>
    events:
      - { repeat: 2, every: 1h, type: signup, account.id: "a{n}", ip: "203.0.113.{n}", payment.fingerprint: c1 } # a couple
    expect:
      - { event: 2, fires: [payment-many-accounts], outcome: hold }
  - name: nobody knows yet
    events:
      - { type: signup, account.id: a, ip: 203.0.113.4 }
`;
const files = { 'rules/rules.yml': rightRules, 'rules/tests/holds.test.yml': holds };
const both = { ...files, 'rules/tests/fails.test.yml': fails };
const rulesIn = (folder: string): string => join(folder, 'rules');

describe('rules test of one rule', () => {
  it('covers that rule alone, and knows what it is', () =>
    withFiles(files, async (folder) => {
      const ofOne = [rulesIn(folder), '--json', '--rule', 'payment-many-accounts'];
      const { coverage, passed } = JSON.parse((await runCommand(test, ofOne)).out);
      expect(Object.keys(coverage)).toEqual(['payment-many-accounts']);
      expect(passed).toBeGreaterThan(0);
      const wrong = await runCommand(test, [rulesIn(folder), '--rule', 'payment-many-acounts']);
      expect(wrong).toMatchObject({ status: 1, out: '' });
      expect(wrong.err).toContain("did you mean 'payment-many-accounts'?");
    }));
});

describe('rules test --watch', () => {
  it('runs again when a file of rules changes, until it is ended, and ends as the last run did', () =>
    withFiles(files, async (folder) => {
      let runs = 0;
      const once = async (): Promise<number> => {
        runs++;
        // The watch stands before the first run begins.
        if (runs === 1) await writeFile(join(rulesIn(folder), 'tests/holds.test.yml'), `${holds}\n`);
        else process.emit('SIGINT');
        return runs;
      };
      const told: string[] = [];
      const write = process.stderr.write;
      process.stderr.write = (text: string | Uint8Array): boolean => told.push(String(text)) > 0;
      const status = await watchTests(rulesIn(folder), once).finally(() => {
        process.stderr.write = write;
      });
      expect(status).toBe(2);
      expect(told.join('')).toContain('Ctrl-C ends');
    }));
});

describe('rules test with sequences', () => {
  it('runs them beside the tests that stand in the rules, and counts their coverage', () =>
    withFiles(files, async (folder) => {
      const run = await runCommand(test, [rulesIn(folder), '--json']);
      expect({ status: run.status, err: run.err }).toEqual({ status: 0, err: '' });
      const { passed, failed, tests, coverage } = JSON.parse(run.out);
      expect({ passed, failed }).toEqual({ passed: 5, failed: 0 });
      expect(tests[4]).toEqual({
        name: 'the third account on a card is held',
        file: 'tests/holds.test.yml',
        line: 1,
        ok: true,
      });
      expect(coverage['payment-many-accounts']).toEqual({
        fires: 2,
        quiet: 2,
        unknown: 1,
        leaves_decisive: 1,
        leaves: 1,
      });
    }));

  it('shows the difference of each event, and fails', () =>
    withFiles(both, async (folder) => {
      const run = await runCommand(test, [rulesIn(folder), '--json']);
      expect(run.status).toBe(1);
      const { failed, tests } = JSON.parse(run.out);
      expect(failed).toBe(1);
      expect(tests.find(({ ok }: { ok: boolean }) => !ok)).toMatchObject({
        name: 'two are held <already>',
        line: 3,
        diff: {
          events: [
            {
              event: 2,
              line: 7,
              account_id: 'a2',
              differences: [
                {
                  what: 'rule',
                  name: 'payment-many-accounts',
                  expected: 'fires',
                  got: 'quiet',
                  leaves: [{ text: 'accounts_per_card_90d >= 3', result: false, values: { accounts_per_card_90d: 2 } }],
                  flip: [{ name: 'accounts_per_card_90d', from: 2, to: 3 }],
                },
                { what: 'outcome', expected: 'hold', got: expect.stringContaining('allow') },
              ],
            },
          ],
        },
      });
    }));

  it('tells people of tests that expect nothing', () =>
    withFiles(both, async (folder) => {
      const { out } = await runCommand(test, [rulesIn(folder)]);
      expect(out).toContain('1 sequence expects nothing yet');
    }));

  it('runs only what is chosen by file, name or rule', () =>
    withFiles(both, async (folder) => {
      const count = async (...args: string[]) => {
        const { out } = await runCommand(test, [rulesIn(folder), ...args, '--json']);
        const { passed, failed } = JSON.parse(out);
        return [passed, failed];
      };
      expect(await count('--file', 'holds.test.yml')).toEqual([1, 0]);
      expect(await count('--file', 'rules/tests/fails.test.yml')).toEqual([1, 1]);
      expect(await count('--name', 'nobody')).toEqual([1, 0]);
      expect(await count('--rule', 'network-anonymous')).toEqual([2, 0]);
      expect(await count('--rule', 'payment-many-accounts')).toEqual([3, 1]);
    }));

  it.each([
    ['--name', 'nobody at all'],
    ['--file', 'no-such.test.yml'],
  ])('refuses %s %s, which no test has', (...asked) =>
    withFiles(both, async (folder) => {
      const run = await runCommand(test, [rulesIn(folder), ...asked]);
      expect([run.status, run.err]).toEqual([1, expect.stringContaining('there is no such test')]);
    }),
  );

  it('refuses files of tests with mistakes, as rules check does, and a service does not read them', () =>
    withFiles(
      { ...files, 'rules/tests/wrong.test.yml': 'name: wrong\nevents: [{ type: signupp }]\n' },
      async (folder) => {
        const run = await runCommand(test, [rulesIn(folder)]);
        expect(run.status).toBe(1);
        expect(run.err).toContain("error[E013]: 'signupp' is no event type");
        expect(run.err).toContain('tests/wrong.test.yml:2:18');
        const checked = await runCommand(check, [rulesIn(folder), '--json']);
        expect(checked.status).toBe(1);
        expect(JSON.parse(checked.out)).toMatchObject({
          ok: false,
          errors: [{ code: 'E013', file: 'tests/wrong.test.yml', line: 2, column: 18, end_column: 25 }],
        });
      },
    ));

  it('does not keep rules from service, whatever the tests are', () => {
    const wrong = { 'rules/tests/empty.test.yml': '', 'rules/tests/wrong.test.yml': 'name: [' };
    return withFiles({ ...files, ...wrong }, async (folder) => {
      await writeFile(join(folder, 'rules/tests/bytes.test.yml'), Buffer.from([0xff, 0xfe, 0x00]));
      const { ruleSet, errors } = await loadRulesFolder(rulesIn(folder));
      expect({ errors, rules: ruleSet?.rules.length }).toEqual({ errors: [], rules: 2 });
      const checked = JSON.parse((await runCommand(check, [rulesIn(folder), '--json'])).out);
      const told = checked.errors.map(({ code, file }: { code: string; file: string }) => `${code} ${file}`);
      expect(new Set(told)).toEqual(
        new Set(['E029 tests/bytes.test.yml', 'E011 tests/empty.test.yml', 'E001 tests/wrong.test.yml']),
      );
    });
  });

  it('warns of a file that is no test by its name', () =>
    withFiles({ ...files, 'rules/tests/forgotten.yml': holds }, async (folder) => {
      const checked = JSON.parse((await runCommand(check, [rulesIn(folder), '--json'])).out);
      expect(checked.ok).toBe(true);
      expect(checked.warnings).toContainEqual(expect.objectContaining({ code: 'W012', file: 'tests/forgotten.yml' }));
    }));
});

describe('rules test --junit', () => {
  it('writes a report that readers of XML take', () =>
    withFiles(both, async (folder) => {
      const path = join(folder, 'report.xml');
      expect((await runCommand(test, [rulesIn(folder), '--junit', path])).status).toBe(1);
      const root = parseXml(await readFile(path, 'utf8'));
      expect(root.attributes).toMatchObject({ tests: '7', failures: '1' });
      expect(root.children.map(({ attributes }) => attributes.name)).toEqual([
        'rules.yml',
        'tests/fails.test.yml',
        'tests/holds.test.yml',
      ]);
      const [failed] = root.children[1]?.children ?? [];
      expect(failed?.attributes).toMatchObject({ name: 'two are held <already>', classname: 'tests/fails', line: '3' });
      expect(failed?.children[0]?.text).toContain('accounts_per_card_90d >= 3   (accounts_per_card_90d = 2)');
      const printed = await runCommand(test, [rulesIn(folder), '--junit', '-']);
      expect(parseXml(printed.out).attributes.tests).toBe('7');
    }));

  it('never writes over a file of the rules', () =>
    withFiles(files, async (folder) => {
      const path = join(folder, Object.keys(files)[0] ?? '');
      const before = await readFile(path, 'utf8');
      const run = await runCommand(test, [rulesIn(folder), '--junit', path]);
      expect(run).toMatchObject({ status: 1, out: '', err: expect.stringContaining('needs a file of its own') });
      expect(await readFile(path, 'utf8')).toBe(before);
    }));

  it('says where it cannot write', () =>
    withFiles(files, async (folder) => {
      const run = await runCommand(test, [rulesIn(folder), '--junit', join(folder, 'none', 'report.xml')]);
      expect({ status: run.status, lines: run.err.trim().split('\n').length }).toEqual({ status: 1, lines: 1 });
    }));
});

describe('rules test --record', () => {
  it('shows what came of tests that fail or expect nothing, and changes nothing', () =>
    withFiles(both, async (folder) => {
      const run = await runCommand(test, [rulesIn(folder), '--record']);
      expect(run).toEqual({
        status: 0,
        err: 'portcullis: 2 tests to record; --write puts it into the files\n',
        out: `--- tests/fails.test.yml
+++ tests/fails.test.yml
@@ -7,1 +7,1 @@
-      - { event: 2, fires: [payment-many-accounts], outcome: hold }
+      - { event: 1-2, fired: [], outcome: allow, score: 0, state: admitted }
@@ -10,0 +11,2 @@
+    expect:
+      - { event: 1, fired: [], outcome: allow, score: 0, state: admitted }
`,
      });
      expect(await readFile(join(folder, 'rules/tests/fails.test.yml'), 'utf8')).toBe(fails);
    }));

  it('changes the files when it is told to, and all is well then', () =>
    withFiles(both, async (folder) => {
      expect((await runCommand(test, [rulesIn(folder), '--record', '--write'])).status).toBe(0);
      const written = await readFile(join(folder, 'rules/tests/fails.test.yml'), 'utf8');
      expect(written).toContain('# ours\n');
      expect(written).toContain('# a couple\n');
      expect(await readFile(join(folder, 'rules/tests/holds.test.yml'), 'utf8')).toBe(holds);
      expect((await readdir(join(folder, 'rules/tests'))).sort()).toEqual(['fails.test.yml', 'holds.test.yml']);
      expect((await runCommand(test, [rulesIn(folder)])).status).toBe(0);
      const again = await runCommand(test, [rulesIn(folder), '--record']);
      expect(again.err).toContain('nothing to record');
    }));

  it('prints what it cannot put into a file', () =>
    withFiles(files, async (folder) => {
      const line = 'tests: [{ name: one, events: [{ type: signup, account.id: a, ip: 203.0.113.4 }] }]\n';
      await writeFile(join(folder, 'rules/tests/line.test.yml'), line);
      const { out } = await runCommand(test, [rulesIn(folder), '--record', '--write']);
      expect(out).toBe(
        'tests/line.test.yml:1: one\nexpect:\n  - { event: 1, fired: [], outcome: allow, score: 0, state: admitted }\n',
      );
    }));

  it('is refused without it', () =>
    withFiles(files, async (folder) => {
      const run = await runCommand(test, [rulesIn(folder), '--write']);
      expect(run).toMatchObject({ status: 1, err: expect.stringContaining('--write goes with --record') });
    }));
});
