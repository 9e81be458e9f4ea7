import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crowds } from '../../../src/campaigns/crowds/registry.js';
import { defineCommand, parseArguments, UsageError } from '../../../src/cli/command-arguments.js';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { run as dataUpdate } from '../../../src/cli/data-update.js';
import { programVersion } from '../../../src/cli/program-version.js';
import { run as rulesCheck } from '../../../src/cli/rules-check.js';
import { run as simulate } from '../../../src/cli/simulate.js';
import { systemErrorLine } from '../../../src/cli/system-error-line.js';
import { run as migrate } from '../../../src/migrate.js';
import { runCommand } from '../../support/run-command.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-commands-'));
  await writeFile(join(home, 'a-file'), '');
});
afterAll(() => rm(home, { recursive: true, force: true }));

const commands = ['serve', 'rules check', 'rules fuse reset'].map((words) => ({
  words,
  summary: `what ${words} does`,
  load: async () => ({ run: async (args: string[]) => (args.includes('--help') ? 0 : 7) }),
}));

async function ask(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const say = { out: (text: string) => out.push(text), error: (text: string) => err.push(text) };
  const status = await runCommandLine(args, commands, { environment: {}, version: () => '1.2.3', ...say });
  return { status, out: out.join('\n'), err: err.join('\n') };
}

describe('the command line', () => {
  it.each([
    [['frobnicate'], 'frobnicate'],
    [['frobnicate', '--help'], 'frobnicate'],
    [['rules', 'frobnicate', '--help'], 'rules frobnicate'],
    [['rules', 'fuse', 'blow'], 'rules fuse blow'],
    [['help', 'frobnicate'], 'frobnicate'],
    [['--frobnicate'], '--frobnicate'],
  ])('says that there is no such command: %j', async (args, words) => {
    const line = `portcullis: there is no command '${words}'; 'portcullis --help' lists them`;
    expect(await ask(...args)).toEqual({ status: 1, out: '', err: line });
  });

  it('says so to programs too', async () => {
    const error = "there is no command 'frobnicate'; 'portcullis --help' lists them";
    const { status, out, err } = await ask('frobnicate', '--json');
    expect({ status, err }).toEqual({ status: 1, err: `portcullis: ${error}` });
    expect(JSON.parse(out)).toEqual({ ok: false, error, errors: [] });
  });

  it('checks rules for one kind of reader at a time', async () => {
    const { status, err } = await runCommand(rulesCheck, ['--json', '--sarif']);
    expect({ status, err }).toEqual({ status: 1, err: 'portcullis: --json and --sarif do not go together\n' });
  });

  it('lists commands, all or of a group', async () => {
    expect(await ask('--help')).toMatchObject({ status: 0, out: expect.stringContaining('rules fuse reset') });
    expect(await ask()).toMatchObject({ status: 0, out: expect.stringContaining('serve') });
    expect(await ask('rules', '--help')).toMatchObject({ status: 0, out: expect.not.stringContaining('serve') });
    expect(await ask('rules')).toMatchObject({ status: 1, out: expect.stringContaining('rules check') });
    expect(await ask('help', 'serve')).toMatchObject({ status: 0 });
    expect(await ask('serve')).toMatchObject({ status: 7 });
  });

  it('tells its version', async () => {
    expect(await ask('--version')).toEqual({ status: 0, out: '1.2.3', err: '' });
    expect(programVersion()).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('every command', () => {
  const writing = (path: string) =>
    defineCommand({
      usage: '',
      options: {},
      async run() {
        await writeFile(path, '');
        return 0;
      },
    });

  it('tells what the system refused in one line', async () => {
    const { status, err } = await runCommand(writing('/dev/null/x'), []);
    expect({ status, err }).toEqual({ status: 1, err: "portcullis: '/dev/null/x': not a directory (open)\n" });
  });

  it('lets bugs show where they are', async () => {
    const broken = defineCommand({ usage: '', options: {}, run: () => Promise.reject(new TypeError('a bug')) });
    await expect(runCommand(broken, [])).rejects.toThrow('a bug');
    expect(systemErrorLine(new UsageError('no system error'))).toBeUndefined();
  });

  it('finds what the system said below what a library made of it', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
    expect(systemErrorLine(new TypeError('fetch failed', { cause: new AggregateError([refused]) }))).toBe(
      'connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  it.each([
    ['rules check', rulesCheck, ['rules', 'extra'], "'extra' is one word too many"],
    ['migrate', migrate, ['now'], "'now' is one word too many"],
    ['data update', dataUpdate, ['--from', '/nonexistent'], "--from: there is no folder '/nonexistent'"],
    ['data update', dataUpdate, ['--from', 'foo://x:secret@y'], 'not foo://…'],
    ['data update', dataUpdate, ['--from', 'http://'], '--from: this is no address'],
  ])('%s ends with one line', async (_, command, args, words) => {
    const { status, out, err } = await runCommand(command, args);
    expect({ status, out, lines: err.trim().split('\n').length }).toEqual({ status: 1, out: '', lines: 1 });
    expect(err).toContain(words);
    expect(err).not.toContain('secret');
  });

  it.each([
    ['--accounts', '10000000000', '--accounts is a whole number of 0 to 10000000'],
    ['--accounts', '1.5', '--accounts is a whole number of 0 to 10000000'],
    ['--honest', '', '--honest is a whole number'],
    ['--days', '0', '--days is a number of 0.01 to 3650'],
    ['--days', '-3', '--days is a number of 0.01 to 3650'],
    ['--days', '100000000', '--days is a number of 0.01 to 3650'],
    ['--attack-days', '0', '--attack-days is a number of 0.01 to 3650'],
    ['--attack-from', '40', '--attack-from is a day before the end, which is after 21 days'],
    ['--known-exits', '2', '--known-exits is a number of 0 to 1'],
    ['--crowds', 'campus', '--crowds is a number of 0 to 1000000'],
    ['--crowds', crowds.map(({ name }) => `${name}=0`).join(','), '--crowds leaves nobody'],
    ['--out', '/dev/null/x', "'/dev/null/x"],
    // Where Node's own recursive mkdir never ends.
    ['--out', '/proc/nope', "'/proc/nope': no such file or directory (mkdir)"],
  ])('simulate %s %s ends with one line', async (option, value, words) => {
    const { status, out, err } = await runCommand(simulate, ['--out', join(home, 'campaign'), option, value]);
    expect({ status, out, lines: err.trim().split('\n').length }).toEqual({ status: 2, out: '', lines: 1 });
    expect(err).toContain(words);
  });

  it.each([
    ['--scenario mixed --tier T0', '--tier makes no difference to --scenario mixed'],
    ['--scenario mixed --regime pool', '--regime makes no difference to --scenario mixed'],
    ['--scenario drip --attack-days 2', '--attack-days makes no difference to --scenario drip'],
    ['--scenario drip --regime burn', '--regime makes no difference to --scenario drip'],
    ['--scenario none --accounts 50', '--accounts makes no difference to --scenario none'],
    ['--scenario none --attack-from 2', '--attack-from makes no difference to --scenario none'],
    ['--crowds campus=1,office=1,campus=2', "--crowds names 'campus' twice"],
  ])('simulate %s is refused: it would make no difference', async (given, words) => {
    const { status, out, err } = await runCommand(simulate, ['--out', join(home, 'campaign'), ...given.split(' ')]);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(words);
  });

  it('says in two ways that nobody attacks', async () => {
    const few = ['--honest', '20', '--days', '1', '--scenario', 'none', '--accounts', '0'];
    const { status } = await runCommand(simulate, ['--out', join(home, 'nobody'), ...few]);
    expect(status).toBe(0);
  });

  it('takes a number below zero for a value, and says how anything else with a dash is given', () => {
    const options = { days: { type: 'string' }, expression: { type: 'string', short: 'e' } } as const;
    const parsed = parseArguments(['--days', '-3', '-e', '-.5', '--', '-7'], options);
    expect([parsed.text('days'), parsed.text('expression'), parsed.positionals]).toEqual(['-3', '-.5', ['-7']]);
    expect(() => parseArguments(['--days', '--expression'], options)).toThrow(
      '--days needs a value; one that begins with a dash is written --days=-XYZ',
    );
  });

  it('data update says for programs why it did nothing', async () => {
    const { status, out } = await runCommand(dataUpdate, ['--from', home, '--json']);
    expect(status).toBe(1);
    expect(JSON.parse(out).problems).toEqual([`there is no list or table in ${home}`]);
  });
});
