import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installationSecret, keptSecret } from '../../../src/adapters/files/secrets.js';

let dataDir: string;
const fileOf = (name: string) => join(dataDir, 'secrets', name);

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'portcullis-secrets-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('a secret of an installation', () => {
  it('is made once, however many ask for it together, and is the same later', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => installationSecret(dataDir, 'pepper', 'pk_')));
    expect(new Set(made).size).toBe(1);
    expect(made[0]).toMatch(/^pk_[\w-]{43}$/);
    expect(await installationSecret(dataDir, 'pepper')).toBe(made[0]);
    expect(await keptSecret(dataDir, 'pepper')).toBe(made[0]);
  });

  it('is readable by its owner only, and nothing is left beside it', async () => {
    await Promise.all(Array.from({ length: 5 }, () => installationSecret(dataDir, 'pepper')));
    expect(await readdir(join(dataDir, 'secrets'))).toEqual(['pepper']);
    expect((await stat(fileOf('pepper'))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['is empty', ''],
    ['is empty', ' \n'],
    ['holds fewer than 16 characters', 'cut-off-half-wa'],
  ])('is none where its file %s', async (how, text) => {
    await mkdir(join(dataDir, 'secrets'));
    await writeFile(fileOf('pepper'), text);
    const telling = `${fileOf('pepper')} ${how} and is no secret: put it back from a copy, or delete it`;
    await expect(installationSecret(dataDir, 'pepper')).rejects.toThrow(telling);
    await expect(keptSecret(dataDir, 'pepper')).rejects.toThrow(telling);
    expect(await readFile(fileOf('pepper'), 'utf8')).toBe(text);
  });

  it('leaves no file behind where none can be written', async () => {
    const script = `
      import { installationSecret } from './src/adapters/files/secrets.ts';
      process.on('SIGXFSZ', () => undefined);
      await installationSecret(${JSON.stringify(dataDir)}, 'pepper').then(console.log, (error) => console.log(error.code));`;
    const node = `exec "${process.execPath}" --no-warnings --import ./test/support/run-typescript.mjs --input-type=module -e "$0"`;
    const { stdout } = await promisify(execFile)('sh', ['-c', `ulimit -f 0; ${node}`, script]);
    expect(stdout.trim()).toBe('EFBIG');
    expect(await readdir(join(dataDir, 'secrets'))).toEqual([]);
  });

  it('is not made by looking for it', async () => {
    expect(await keptSecret(dataDir, 'pepper')).toBeUndefined();
    expect(await readdir(dataDir)).toEqual([]);
  });
});
