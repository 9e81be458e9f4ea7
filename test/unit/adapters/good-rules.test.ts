import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keepGoodRules, readGoodRules } from '../../../src/adapters/files/good-rules.js';

describe('the last good rules', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'portcullis-good-rules-'));
  });

  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('are whole, and alone in their folder, when many keep theirs at the same time', async () => {
    const sets = Array.from({ length: 8 }, (_, index) => ({
      hash: `sha256:${index}`,
      files: new Map([['policy.yml', `# ${index}\n`.repeat(20_000)]]),
    }));
    await Promise.all(sets.map(({ files, hash }) => keepGoodRules(dataDir, files, hash)));
    expect(sets).toContainEqual(await readGoodRules(dataDir));
    expect(await readdir(dataDir)).toEqual(['good-rules.json']);
  });

  it('leave nothing behind when they cannot be kept, and name the folder', async () => {
    await mkdir(join(dataDir, 'good-rules.json', 'in-the-way'), { recursive: true });
    const kept = keepGoodRules(dataDir, new Map([['policy.yml', '']]), 'sha256:1');
    await expect(kept).rejects.toThrow(`cannot be kept in ${dataDir}`);
    expect(await readdir(dataDir)).toEqual(['good-rules.json']);
  });
});
