import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A secret of this installation: made on first use, readable by its owner only, the same after a restart. */
export async function installationSecret(dataDir: string, name: string, prefix = ''): Promise<string> {
  const file = join(dataDir, 'secrets', name);
  const found = await keptSecret(dataDir, name);
  if (found !== undefined) return found;
  await mkdir(join(dataDir, 'secrets'), { recursive: true, mode: 0o700 });
  const secret = prefix + randomBytes(32).toString('base64url');
  // 'wx': of two processes that start together the second reads what the first wrote.
  const mine = await writeFile(file, `${secret}\n`, { mode: 0o600, flag: 'wx' }).then(
    () => true,
    () => false,
  );
  return mine ? secret : (await readFile(file, 'utf8')).trim();
}

/** Only looked for: undefined where none was made. */
export async function keptSecret(dataDir: string, name: string): Promise<string | undefined> {
  const found = await readFile(join(dataDir, 'secrets', name), 'utf8').catch(() => '');
  return found.trim() === '' ? undefined : found.trim();
}
