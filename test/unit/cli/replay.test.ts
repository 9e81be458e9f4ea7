import { readFile, writeFile } from 'node:fs/promises';
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
    [['FOLDER/events.jsonl'], '--out'],
    [['--out', '-'], 'one EVENTS.jsonl'],
    [['FOLDER/nothing.jsonl', '--out', '-'], "there is no 'FOLDER/nothing.jsonl'"],
    [['FOLDER/events.jsonl', '--out', 'FOLDER/no/such/folder.jsonl'], 'ENOENT'],
    [['FOLDER/events.jsonl', '--out', '-', '--horizon', 'soon'], '--horizon'],
    [['FOLDER/events.jsonl', '--out', '-', '--labels', 'FOLDER/rules/all.yml'], 'FOLDER/rules/all.yml:1: '],
    [['FOLDER/rules', '--out', '-'], 'EISDIR'],
    [['FOLDER/broken.gz', '--out', '-'], 'incorrect header check'],
  ])('tells what is wrong with %j', async (args, said) => {
    const done = await replay(args);
    expect(done.status).toBe(1);
    expect(done.err).toContain(said);
  });
});
