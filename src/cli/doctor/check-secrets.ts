import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keptSecret, UnfitSecret } from '../../adapters/files/secrets.js';
import type { Config } from '../../config.js';
import { type Finding, fail, good, warn } from './finding.js';

const longKey = 32;

/** That they are whole, long enough and readable by their owner only; nothing of what they are. */
export async function checkSecrets(config: Config): Promise<readonly Finding[]> {
  return [await checkPepper(config), await checkBootstrapKey(config)];
}

async function checkPepper({ IDENTIFIER_PEPPER, DATABASE_URL, DATA_DIR }: Config): Promise<Finding> {
  if (IDENTIFIER_PEPPER !== undefined) return good('pepper', 'IDENTIFIER_PEPPER is set');
  if (DATABASE_URL !== undefined)
    return warn(
      'pepper',
      'IDENTIFIER_PEPPER is not set: it is kept beside the data, in the database',
      'set it, the same on every instance',
    );
  return fileFinding('pepper', DATA_DIR, 'identifier-pepper');
}

async function checkBootstrapKey({ BOOTSTRAP_API_KEY, NODE_ENV, DATA_DIR }: Config): Promise<Finding> {
  const check = 'bootstrap_key';
  if (BOOTSTRAP_API_KEY === undefined)
    return NODE_ENV === 'production'
      ? good(check, 'none set, and none is made in production')
      : fileFinding(check, DATA_DIR, 'bootstrap-key');
  if (BOOTSTRAP_API_KEY.length >= longKey) return good(check, `BOOTSTRAP_API_KEY has ${longKey} characters or more`);
  return warn(
    check,
    `BOOTSTRAP_API_KEY has fewer than ${longKey} characters`,
    'set a longer one; production refuses this',
  );
}

async function fileFinding(check: string, dataDir: string, name: string): Promise<Finding> {
  const file = join(dataDir, 'secrets', name);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return good(check, `made by the first start, in ${file}`);
  const unfit = await keptSecret(dataDir, name).then(() => undefined, asUnfit);
  if (unfit !== undefined) return fail(check, unfit.says, unfit.todo);
  const mode = (found.mode & 0o777).toString(8);
  if ((found.mode & 0o077) === 0 || process.platform === 'win32') return good(check, `${file}, mode ${mode}`);
  return fail(
    check,
    `${file} can be read by others (mode ${mode})`,
    `chmod 600 ${file}; if others have read it, change it`,
  );
}

function asUnfit(error: unknown): UnfitSecret {
  if (error instanceof UnfitSecret) return error;
  throw error;
}
