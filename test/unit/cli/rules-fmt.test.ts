import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run as fmt } from '../../../src/cli/rules-fmt.js';
import { rightRules } from '../../support/rule-files.js';
import { runCommand } from '../../support/run-command.js';

const untidy = rightRules.replace('ip.is_vpn || ip.is_tor', 'ip.is_vpn||ip.is_tor');

let home = '';
const at = (path: string): string => join(home, path);
const put = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), text);
};
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-fmt-'));
  await put('rules.yml', untidy);
});
afterEach(() => rm(home, { recursive: true, force: true }));

const tidy = async (): Promise<string> => readFile(at('rules.yml'), 'utf8');

describe('rules fmt', () => {
  it('writes a folder in the usual form, once', async () => {
    await chmod(at('rules.yml'), 0o640);
    expect(await runCommand(fmt, [home])).toEqual({
      status: 0,
      out: `changed ${at('rules.yml')}\n1 file, 1 changed\n`,
      err: '',
    });
    expect(await tidy()).toContain('anonymous_exit: ip.is_vpn || ip.is_tor\n');
    expect((await stat(at('rules.yml'))).mode & 0o777).toBe(0o640);
    expect(await readdir(home)).toEqual(['rules.yml']);
    expect((await runCommand(fmt, [], { RULES_DIR: home })).out).toBe('1 file, 0 changed\n');
  });

  it('only looks, with --check, and fails where something would change', async () => {
    expect((await runCommand(fmt, [home, '--check'])).status).toBe(1);
    expect(await tidy()).toBe(untidy);
    await runCommand(fmt, [home]);
    expect(await runCommand(fmt, [home, '--check'])).toMatchObject({ status: 0, out: '1 file, 0 would change\n' });
  });

  it('shows what would change, with --diff', async () => {
    const { status, out } = await runCommand(fmt, [home, '--diff']);
    expect(status).toBe(0);
    expect(out).toContain('-  anonymous_exit: ip.is_vpn||ip.is_tor\n+  anonymous_exit: ip.is_vpn || ip.is_tor\n');
    expect(await tidy()).toBe(untidy);
    expect((await runCommand(fmt, [home, '--diff', '--check'])).status).toBe(1);
  });

  it('touches nothing while one file has errors, and shows them', async () => {
    await put('broken.yml', 'predicates:\n  p: ip.is_vpm\n');
    const { status, err } = await runCommand(fmt, [home]);
    expect(status).toBe(1);
    expect(err).toContain(`${at('broken.yml')}:2:6`);
    expect(err).toMatch(/nothing was written\n$/);
    expect(await tidy()).toBe(untidy);
  });

  it('formats the files that are named, which need no folder', async () => {
    await put('alone/a.yml', 'predicates:\n    p: ip.is_vpn&&known_elsewhere\n');
    await put('tests/a.test.yml', 'name: a\nevents:\n    - {type: signup}\n');
    const run = await runCommand(fmt, [at('alone/a.yml'), at('tests/a.test.yml'), '--json']);
    expect(JSON.parse(run.out)).toEqual({ ok: true, changed: [at('alone/a.yml'), at('tests/a.test.yml')], errors: [] });
    expect(await readFile(at('alone/a.yml'), 'utf8')).toBe('predicates:\n  p: ip.is_vpn && known_elsewhere\n');
    expect(await readFile(at('tests/a.test.yml'), 'utf8')).toBe('name: a\nevents:\n  - { type: signup }\n');
  });

  it('shows the errors of a named file that is no YAML', async () => {
    await put('alone/a.yml', 'predicates:\n  p: "a\n');
    const { status, err } = await runCommand(fmt, [at('alone/a.yml')]);
    expect({ status, err }).toEqual({ status: 1, err: expect.stringContaining(`${at('alone/a.yml')}:2:`) });
  });

  it.each([
    [['/nowhere'], /cannot read '\/nowhere': ENOENT/],
    [['rules/README.md'], /is no rules file/],
    [['rules', 'rules/policy.yml'], /name one folder, or files/],
  ])('refuses %j', async (args, expected) => {
    const { status, err } = await runCommand(fmt, args);
    expect(status).toBe(1);
    expect(err).toMatch(expected);
  });
});
