import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run as replay } from '../../src/cli/replay.js';
import { run as scorecard } from '../../src/cli/scorecard.js';
import { run as simulate } from '../../src/cli/simulate.js';
import { rightRules } from '../support/rule-files.js';
import { runCommand } from '../support/run-command.js';

// Regenerate after a wanted change of the generator: UPDATE_GOLDEN=1 npm test -- test/golden/scorecard
const golden = join(dirname(fileURLToPath(import.meta.url)), 'scorecard.txt');

let root = '';
const at = (...parts: string[]): string => join(root, ...parts);
const small = ['--accounts', '120', '--honest', '600', '--days', '14', '--seed', 'golden'];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'portcullis-scorecard-'));
  await mkdir(at('rules'));
  await writeFile(at('rules', 'rules.yml'), rightRules);
  await runCommand(simulate, [...small, '--out', at('first')]);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const withRules = (): string[] => ['--rules', at('rules'), '--data-dir', at('tables')];
const digestOf = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

describe('simulate and scorecard', () => {
  it('make the same files and the same figures as ever for a seed', async () => {
    const card = await runCommand(scorecard, [at('first'), ...withRules()]);
    expect(card.status).toBe(0);
    const files = ['events.jsonl', 'labels.jsonl', 'truth.jsonl', 'manifest.json'];
    const digests = await Promise.all(files.map(async (file) => `${await digestOf(at('first', file))}  ${file}`));
    const now = `${digests.join('\n')}\n\n${card.out}`;
    if (process.env.UPDATE_GOLDEN !== undefined) await writeFile(golden, now);
    expect(now).toBe(await readFile(golden, 'utf8'));
  });

  it('score the output of replay as they score their own', async () => {
    const out = at('first', 'out.jsonl');
    const labels = ['--labels', at('first', 'labels.jsonl'), '--data', at('first', 'data')];
    await runCommand(replay, [at('first', 'events.jsonl'), ...labels, ...withRules(), '--out', out]);
    const own = await runCommand(scorecard, [at('first'), ...withRules(), '--json']);
    const given = await runCommand(scorecard, [at('first'), ...withRules(), '--outcomes', out, '--json']);
    expect(JSON.parse(given.out)).toEqual(JSON.parse(own.out));
  });

  it('refuse outcomes that are empty, cut off, of another campaign or no outcomes at all', async () => {
    const out = at('first', 'out.jsonl');
    await runCommand(replay, [at('first', 'events.jsonl'), ...withRules(), '--out', out]);
    await runCommand(simulate, [...small.slice(0, -1), 'other', '--out', at('other')]);
    await writeFile(at('empty.jsonl'), '');
    await writeFile(at('half.jsonl'), (await readFile(out, 'utf8')).slice(0, 100_000).replace(/[^\n]*$/, ''));
    const refusal = async (dir: string, outcomes: string): Promise<string> => {
      const run = await runCommand(scorecard, [at(dir), ...withRules(), '--outcomes', outcomes]);
      expect(run).toMatchObject({ out: '' });
      expect(run.status).toBeGreaterThan(0);
      return run.err;
    };
    expect(await refusal('first', at('empty.jsonl'))).toMatch(/: (\d+) of \1 accounts of the truth have no decision/);
    expect(await refusal('first', at('half.jsonl'))).toMatch(/: \d+ of \d+ accounts of the truth have no decision/);
    expect(await refusal('other', out)).toMatch(
      /: (\d+) of \1 accounts of the truth have no decision of their signup \(acct_.*; \d+ accounts with outcomes are not in the truth \(acct_/,
    );
    expect(await refusal('first', at('first', 'events.jsonl'))).toMatch(
      /events\.jsonl:1: \/kind: required: .*; this should be replay's output/,
    );
  });

  it('write a picture that needs nothing from outside', async () => {
    await runCommand(scorecard, [at('first'), ...withRules(), '--html', at('picture.html')]);
    const page = await readFile(at('picture.html'), 'utf8');
    expect(page).toContain('<svg');
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page).not.toMatch(/https?:|src=|@import|url\(/);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('go a second round, in which attackers change whatever got them held', async () => {
    const out = at('first', 'out.jsonl');
    await runCommand(replay, [at('first', 'events.jsonl'), ...withRules(), '--out', out]);
    const second = await runCommand(simulate, ['--adapt', out, '--out', at('second'), '--json']);
    expect(second.status).toBe(0);
    const manifest = JSON.parse(await readFile(at('second', 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ seed: 'golden', accounts: 120, adapted: ['cards'] });
    const accountsPerCard = async (round: string): Promise<number> => {
      const lines = (await readFile(at(round, 'events.jsonl'), 'utf8')).trim().split('\n');
      const cards = lines.flatMap((line) => JSON.parse(line).payment?.fingerprint ?? []);
      return cards.length / new Set(cards).size;
    };
    expect(await accountsPerCard('second')).toBeLessThan(await accountsPerCard('first'));
  });

  it('never write over what they read', async () => {
    const out = at('first', 'out.jsonl');
    await runCommand(replay, [at('first', 'events.jsonl'), ...withRules(), '--out', out]);
    const before = await digestOf(at('first', 'truth.jsonl'));
    const again = await runCommand(simulate, ['--adapt', out, '--out', at('first')]);
    expect(again).toMatchObject({ status: 2, err: expect.stringContaining('needs a file of its own') });
    const card = [at('first'), ...withRules(), '--outcomes', out, '--html'];
    for (const file of [out, at('first', 'truth.jsonl'), at('rules', 'rules.yml')])
      expect(await runCommand(scorecard, [...card, file])).toMatchObject({ status: 1, out: '' });
    expect(await digestOf(at('first', 'truth.jsonl'))).toBe(before);
    expect(await readFile(at('rules', 'rules.yml'), 'utf8')).toBe(rightRules);
  });

  it('name the line that is not what it should be', async () => {
    const held = { kind: 'access_changed', at: '2026-09-01T00:00:00Z', account_id: 'a', to: 'held' };
    await writeFile(at('broken.jsonl'), `${JSON.stringify(held)}\n{"kind":\n`);
    const { status, err } = await runCommand(scorecard, [
      at('first'),
      ...withRules(),
      '--outcomes',
      at('broken.jsonl'),
    ]);
    const says = `portcullis: ${at('broken.jsonl')}:2: this is not JSON; this should be replay's output`;
    expect([status, err.trim()]).toEqual([1, says]);
  });

  it('tell what is wrong with how they were called', async () => {
    const wrong = async (command: typeof simulate, ...args: string[]) => {
      const { status, err } = await runCommand(command, args);
      return [status, err.trim()];
    };
    expect(await wrong(simulate)).toEqual([2, 'portcullis: simulate needs --out DIR']);
    expect(await wrong(simulate, '--tier', 'T9', '--out', at('x'))).toEqual([
      2,
      "portcullis: --tier is one of T0, T1, T2, T3, T4, not 'T9'",
    ]);
    expect(await wrong(simulate, '--honest', 'many', '--out', at('x'))).toEqual([
      2,
      "portcullis: --honest is a whole number of 0 to 10000000, not 'many'",
    ]);
    expect(await wrong(simulate, '--crowds', 'cats=1', '--out', at('x'))).toEqual([
      2,
      expect.stringContaining('--crowds is one of ordinary, '),
    ]);
    expect(await wrong(scorecard, at('nowhere'))).toEqual([
      1,
      `portcullis: there is no '${at('nowhere', 'truth.jsonl')}'`,
    ]);
  });
});
