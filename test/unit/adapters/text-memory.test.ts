import { mkdir, mkdtemp, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RulesFolder } from '../../../src/adapters/files/open-rules.js';
import { readRuleFiles } from '../../../src/adapters/files/rule-files.js';
import { TextMemory } from '../../../src/adapters/files/text-memory.js';

let folder: string;
const file = () => join(folder, 'long.txt');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portcullis-texts-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('texts that are read again', () => {
  it('are the new ones even where length and time of change are as before', async () => {
    const memory = new TextMemory();
    await writeFile(file(), 'one\n');
    const { atime, mtime } = await stat(file());
    expect((await memory.read(file(), 'long.txt')).text).toBe('one\n');
    await writeFile(file(), 'two\n');
    await utimes(file(), atime, mtime);
    expect((await memory.read(file(), 'long.txt')).text).toBe('two\n');
  });

  it('are whole where characters lie across the pieces in which they are read', async () => {
    const text = `a${'ä\u{1F600}\r\n'.repeat(40_000)}`;
    await writeFile(file(), text);
    const memory = new TextMemory();
    for (let time = 0; time < 3; time++) expect((await memory.read(file(), 'long.txt')).text === text).toBe(true);
  });

  it('are refused when they are not UTF-8, and taken again once they are', async () => {
    const memory = new TextMemory();
    await writeFile(file(), Buffer.concat([Buffer.alloc(100_000, 'a'), Buffer.from([0xc3, 0x28])]));
    expect(await memory.read(file(), 'long.txt')).toEqual({ path: 'long.txt', why: 'it is not UTF-8' });
    await truncate(file(), 100_000);
    expect((await memory.read(file(), 'long.txt')).text).toHaveLength(100_000);
  });

  it('are forgotten with their files', async () => {
    const memory = new TextMemory();
    await writeFile(file(), 'one\n');
    expect((await readRuleFiles(folder, memory)).files.get('long.txt')).toBe('one\n');
    await rm(file());
    expect((await readRuleFiles(folder, memory)).files.size).toBe(0);
  });
});

describe('a load of a long list that is overtaken', () => {
  const rule = `policy: { thresholds: { limit: 30, hold: 60 } }\n`;
  const listOf = (name: string): string => Array.from({ length: 3000 }, (_, n) => `${name}${n}.example\n`).join('');

  it('leaves nothing behind: the next one reads what is there then', async () => {
    await writeFile(join(folder, 'policy.yml'), rule);
    const rules = new RulesFolder(folder);
    let breaths = 0;
    for (const most of [1, 5, 12, 30]) {
      await rm(join(folder, 'lists'), { recursive: true, force: true });
      await mkdir(join(folder, 'lists'));
      await writeFile(join(folder, 'lists/long.txt'), listOf(`old${most}-`));
      breaths = 0;
      const pace = { elapsed: () => 0, breathe: async () => void breaths++, sliceMs: 0 };
      const isOvertaken = () => breaths >= most;
      expect(await rules.loadInSlices({ ...pace, isOvertaken })).toBeUndefined();
      await writeFile(join(folder, 'lists/long.txt'), listOf(`new${most}-`));
      const loaded = await rules.loadInSlices(pace);
      const list = loaded?.ruleSet?.lists.get('long');
      expect(loaded?.errors).toEqual([]);
      expect([`new${most}-7.example`, `old${most}-7.example`].map((value) => list?.has(value))).toEqual([true, false]);
    }
  });
});
