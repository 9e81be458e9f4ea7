import { link, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { run } from '../../../src/cli/replay.js';
import { minute, replayRules, signupAt, withFiles } from '../../support/replay.js';
import { runCommand } from '../../support/run-command.js';

const card = { payment: { fingerprint: 'pm_1' } };
const events = ['a', 'b', 'c'].map((name, n) => JSON.stringify(signupAt(name, n * minute, card)));
const files = { 'rules/all.yml': replayRules, 'events.jsonl': `${events.join('\n')}\n` };

/** In a folder with these files; FOLDER stands for it. */
const replay = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  withFiles({ ...files, ...more }, async (folder) => {
    const zipped = join(folder, 'events.jsonl.gz');
    await writeFile(join(folder, 'broken.gz'), 'not packed');
    await writeFile(zipped, gzipSync(files['events.jsonl']));
    await writeFile(join(folder, 'short.gz'), gzipSync(files['events.jsonl']).subarray(0, 60));
    const words = ['--rules', 'FOLDER/rules', '--data-dir', 'FOLDER/data', ...args];
    const done = await runCommand(
      run,
      words.map((word) => word.replace('FOLDER', folder)),
    );
    const out = await readFile(join(folder, 'out.jsonl'), 'utf8').catch(() => undefined);
    return { ...done, err: done.err.replaceAll(folder, 'FOLDER'), file: out };
  });

describe('portcullis replay', () => {
  it('writes a line for each decision and each later change, and counts with --json', async () => {
    const done = await replay(['FOLDER/events.jsonl', '--out', 'FOLDER/out.jsonl', '--json']);
    expect(done).toMatchObject({ status: 0, err: '' });
    expect(JSON.parse(done.out)).toEqual({ decisions: 3, repeats: 0, labels: 0, labelsOfUnknown: 0, skipped: 0 });
    const lines = (done.file ?? '').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual([
      ...Array(3).fill('decision'),
      ...Array(2).fill('access_changed'),
    ]);
  });

  it('writes to the standard output and reads what is gzipped', async () => {
    const plain = await replay(['FOLDER/events.jsonl', '--out', '-']);
    const zipped = await replay(['FOLDER/events.jsonl.gz', '--out', '-']);
    expect(plain.out.split('\n')).toHaveLength(6);
    expect(zipped.out).toBe(plain.out);
  });

  it('stops at the first bad line with its place, or leaves bad lines out', async () => {
    const bad = { 'events.jsonl': [events[0], '{"type":"signup"}', events[1], ''].join('\n') };
    const stopped = await replay(['FOLDER/events.jsonl', '--out', 'FOLDER/out.jsonl'], bad);
    expect(stopped.status).toBe(1);
    expect(stopped.err).toContain('FOLDER/events.jsonl:2: /event_id: required');
    const skipped = await replay(['FOLDER/events.jsonl', '--out', 'FOLDER/out.jsonl', '--skip-bad', '--json'], bad);
    expect(skipped.status).toBe(0);
    expect(JSON.parse(skipped.out)).toMatchObject({ decisions: 2, skipped: 1 });
    expect(skipped.err).toContain('1 line was left out');
  });

  it('refuses what is not UTF-8 as the service does, in events and labels, with its line', async () => {
    await withFiles(files, async (folder) => {
      const at = (name: string): string => join(folder, name);
      const label = { at: '2026-05-02T00:00:00Z', account_id: 'caf\u00e9', label: 'fraud', source: 'us' };
      const wrong = events[1]?.replace('"pm_1"', '"caf\u00e9"') ?? '';
      const long = 'x'.repeat(5 * 1024 * 1024);
      await writeFile(at('latin.jsonl'), [events[0], wrong, long, events[2]].join('\n'), 'latin1');
      await writeFile(at('labels.jsonl'), JSON.stringify(label), 'latin1');
      const played = (...args: string[]) =>
        runCommand(run, [
          ...args,
          '--rules',
          at('rules'),
          '--data-dir',
          at('data'),
          '--out',
          at('out.jsonl'),
          '--json',
        ]);
      const stopped = await played(at('latin.jsonl'));
      expect(stopped).toMatchObject({ status: 1, err: expect.stringContaining('latin.jsonl:2: this is not UTF-8') });
      const skipped = await played(at('latin.jsonl'), '--skip-bad');
      expect(JSON.parse(skipped.out)).toMatchObject({ decisions: 2, skipped: 2 });
      expect(skipped.err).toContain('latin.jsonl:3: this is longer than 4 MiB');
      const labelled = await played(at('events.jsonl'), '--labels', at('labels.jsonl'));
      expect(labelled).toMatchObject({ status: 1, err: expect.stringContaining('labels.jsonl:1: this is not UTF-8') });
    });
  });

  it.each(['out.jsonl', 'linked.jsonl', 'hard.jsonl', 'learnt.jsonl', 'rules/all.yml'])(
    'never writes over what it reads: %s',
    async (out) => {
      await withFiles({ ...files, 'learnt.jsonl': '' }, async (folder) => {
        const at = (name: string): string => join(folder, name);
        await symlink(at('events.jsonl'), at('linked.jsonl'));
        await link(at('events.jsonl'), at('hard.jsonl'));
        await symlink('linked.jsonl', at('out.jsonl'));
        const more = ['--labels', at('learnt.jsonl'), '--rules', at('rules'), '--data-dir', at('data')];
        const done = await runCommand(run, [at('events.jsonl'), ...more, '--out', at(out)]);
        expect(done.status).toBe(1);
        expect(done.err).toContain(`the output needs a file of its own: '${at(out)}' is what is read as '${folder}`);
        expect(await readFile(at('events.jsonl'), 'utf8')).toBe(files['events.jsonl']);
        expect(await readFile(at('rules/all.yml'), 'utf8')).toBe(replayRules);
      });
    },
  );

  it('leaves an earlier output as it was until there is another, and nothing beside it', async () => {
    await withFiles({ ...files, 'bad.jsonl': `${events[0]}\n{}\n`, 'kept.jsonl': 'earlier\n' }, async (folder) => {
      const at = (name: string): string => join(folder, name);
      await symlink('kept.jsonl', at('out.jsonl'));
      const more = ['--rules', at('rules'), '--data-dir', at('data'), '--out', at('out.jsonl')];
      expect((await runCommand(run, [at('bad.jsonl'), ...more])).status).toBe(1);
      expect(await readFile(at('kept.jsonl'), 'utf8')).toBe('earlier\n');
      expect((await runCommand(run, [at('events.jsonl'), ...more])).status).toBe(0);
      expect((await readFile(at('kept.jsonl'), 'utf8')).split('\n')).toHaveLength(6);
      expect((await readdir(folder)).filter((name) => name.includes('tmp'))).toEqual([]);
    });
  });

  it.each([
    [['FOLDER/broken.gz', '--out', 'FOLDER/out.jsonl'], "'FOLDER/broken.gz' cannot be unpacked: expected a gzip file"],
    [['FOLDER/short.gz', '--out', 'FOLDER/out.jsonl'], "'FOLDER/short.gz' is cut off: expected a whole gzip file"],
    [['FOLDER/events.jsonl', '--out', 'FOLDER'], "the output needs a file: 'FOLDER' is a folder"],
    [['FOLDER/events.jsonl', '--out', 'FOLDER/out.jsonl', '--horizon', '-1h'], "30m or 1h, not '-1h'"],
    [
      ['FOLDER/events.jsonl', '--out', 'FOLDER/out.jsonl', '--rules', 'FOLDER/none'],
      "cannot read the rules directory 'FOLDER/none': ENOENT",
    ],
  ])('says in one line what it expected: %j', async (args, expected) => {
    const { status, out, err, file } = await replay(args);
    expect({ status, out, file }).toEqual({ status: 1, out: '', file: undefined });
    expect(err).toContain(expected);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('writes to what is no file as it is', async () => {
    const done = await replay(['FOLDER/events.jsonl', '--out', '/dev/null', '--json']);
    expect(done).toMatchObject({ status: 0, err: '' });
  });

  it('takes lists and tables of --data instead of the usual ones', async () => {
    const rules = `reasons:
  network.anonymous: { title: Anonymous network, public: additional_verification_required }
rules:
  - { id: vpn, family: network, on: [signup], when: ip.is_vpn && ip.asn == 64500, points: 40, reason: network.anonymous, title: vpn, owner: me }
`;
    const lists = {
      'rules/all.yml': rules,
      'rules/lists/vpn.txt': '# source: none\n# date: 2026-11-21\n# type: cidr\n',
    };
    const data = {
      'data/lists/vpn.txt': '203.0.113.0/24\n',
      'data/asn.csv': '203.0.113.0,203.0.113.255,64500,Example\n',
    };
    const outcomes = async (args: readonly string[]) =>
      (await replay(['FOLDER/events.jsonl', '--out', '-', ...args], { ...lists, ...data })).out.match(
        /"outcome":"\w+"/g,
      );
    expect(new Set(await outcomes([]))).toEqual(new Set(['"outcome":"allow"']));
    expect(new Set(await outcomes(['--data', 'FOLDER/data']))).toEqual(new Set(['"outcome":"limit"']));
    const broken = await replay(['FOLDER/events.jsonl', '--out', '-', '--data', 'FOLDER/data'], {
      ...lists,
      'data/lists/vpn.txt': '203.0.113.0/24\nnowhere\n',
      'data/asn.csv': 'one,two\n',
    });
    expect(broken).toMatchObject({ status: 1, err: expect.stringContaining('FOLDER/data/lists/vpn.txt:2: ') });
  });

  it.each([
    ['one folder too high', { 'up/data/lists/vpn.txt': '203.0.113.0/24\n' }, 'up', ": did you mean 'FOLDER/up/data'?"],
    ['the lists themselves', { 'up/lists/vpn.txt': '203.0.113.0/24\n' }, 'up/lists', ''],
    ['another kind of file', { 'up/lists/vpn.csv': '203.0.113.0/24\n' }, 'up', ''],
  ])('refuses --data in which nothing is: %s', async (_, data, folder, hint) => {
    const done = await replay(['FOLDER/events.jsonl', '--out', '-', '--data', `FOLDER/${folder}`], data);
    const says = `portcullis: 'FOLDER/${folder}' has none of asn.csv, country.csv, *.mmdb and lists/*.txt${hint}\n`;
    expect(done).toMatchObject({ status: 1, out: '', err: says });
  });

  it('tells of a list of --data that nothing reads, and goes on', async () => {
    const data = {
      'data/lists/vpns.txt': '# source: me\n# date: 2026-11-21\n# type: cidr\n203.0.113.0/24\n',
      'data/lists/tor.txt': '203.0.113.0/24\n',
      'rules/lists/mine.txt': '# source: me\n# date: 2026-11-21\n# type: value\na\n',
    };
    const done = await replay(['FOLDER/events.jsonl', '--out', '-', '--data', 'FOLDER/data'], data);
    const says = "portcullis: FOLDER/data/lists/vpns.txt: no rule and no signal reads this list: did you mean 'vpn'?\n";
    expect(done).toMatchObject({ status: 0, err: says });
  });

  it.each([
    [['FOLDER/events.jsonl'], '--out'],
    [['--out', '-'], 'one EVENTS.jsonl'],
    [['FOLDER/nothing.jsonl', '--out', '-'], "there is no 'FOLDER/nothing.jsonl'"],
    [
      ['FOLDER/events.jsonl', '--out', 'FOLDER/no/such/folder.jsonl'],
      "'FOLDER/no/such/folder.jsonl': no such file or directory (open)",
    ],
    [['FOLDER/events.jsonl', '--out', '-', '--horizon', 'soon'], '--horizon'],
    [['FOLDER/events.jsonl', '--out', '-', '--labels', 'FOLDER/rules/all.yml'], 'FOLDER/rules/all.yml:1: '],
    [['FOLDER/rules', '--out', '-'], "'FOLDER/rules' is a folder: expected a file"],
    [['FOLDER/broken.gz', '--out', '-'], "'FOLDER/broken.gz' cannot be unpacked"],
  ])('tells what is wrong with %j', async (args, said) => {
    const done = await replay(args);
    expect(done.status).toBe(1);
    expect(done.err).toContain(said);
  });
});
