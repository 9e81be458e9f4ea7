import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureBuilt, projectRoot } from '../support/service.js';

const start = promisify(execFile);

describe('the command line from a few files', () => {
  let root: string;
  const kept = (): string => join(root, 'dist/quick/code/rules-eval');
  const answer = async (...args: string[]): Promise<string> =>
    (await start(process.execPath, [join(root, 'scripts/quick.cjs'), ...args], { cwd: root })).stdout;

  beforeAll(async () => {
    await ensureBuilt();
    root = await mkdtemp(join(tmpdir(), 'portcullis-quick-'));
    await mkdir(join(root, 'scripts'));
    await cp(join(projectRoot, 'scripts/quick.cjs'), join(root, 'scripts/quick.cjs'));
    await cp(join(projectRoot, 'dist/quick'), join(root, 'dist/quick'), { recursive: true });
    await rm(join(root, 'dist/quick/code'), { recursive: true, force: true });
    await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  }, 120_000);

  afterAll(() => rm(root, { recursive: true, force: true }));

  it('keeps compiled code, answers the same with it, and makes it anew where it is none', async () => {
    const question = ['rules', 'eval', '-e', '10m + 2', '--json'];
    const first = await answer(...question);
    expect(JSON.parse(first)).toMatchObject({ value: 602 });
    const code = await readFile(kept());
    expect(await answer(...question)).toBe(first);
    expect((await readFile(kept())).equals(code)).toBe(true);
    for (const broken of ['', 'no index\n', `[["none.cjs",9]]\n${'x'.repeat(9)}`]) {
      await writeFile(kept(), broken);
      expect(await answer(...question)).toBe(first);
      expect((await readFile(kept())).length).toBeGreaterThan(1000);
    }
    expect(await readdir(join(root, 'dist/quick/code'))).toEqual(['rules-eval']);
  });

  it('lists every command, and says so when there is none of that name', async () => {
    expect(await answer('--help')).toContain('rules backtest');
    await expect(answer('rulez')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("'rulez'") });
  });
});
