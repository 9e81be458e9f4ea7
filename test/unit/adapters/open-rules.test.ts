import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openRules, RulesFolder } from '../../../src/adapters/files/open-rules.js';

describe('a rules folder without rules that are right, and none of an earlier run', () => {
  let dataDir: string;
  let folder: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'portcullis-open-rules-'));
    folder = join(dataDir, 'rules');
  });

  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const opening = () => openRules(new RulesFolder(folder), dataDir);

  it('that is not there is named, with what is wrong with it', async () => {
    await expect(opening()).rejects.toThrow(
      new Error(`RULES_DIR: the rules folder '${folder}' cannot be read: no such file or directory`),
    );
  });

  it('that is empty is said to be', async () => {
    await mkdir(folder);
    await expect(opening()).rejects.toThrow(new Error('RULES_DIR: the folder holds no rules: there is no *.yml in it'));
  });

  it('with a mistake shows its place', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'a.yml'), 'rules: []\npolicies: {}\n');
    await expect(opening()).rejects.toThrow(
      new Error("RULES_DIR: the rules have an error, a.yml:2:1: unknown key 'policies' in a rules file"),
    );
  });
});
