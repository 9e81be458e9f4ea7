import { pepperCheck } from '../adapters/crypto/identifier-hash.js';
import type { Truth } from '../adapters/embedded/open-truth.js';
import { installationSecret } from '../adapters/files/secrets.js';
import { isSamePepper, trialPepper } from '../adapters/postgres/meta.js';
import type { Config } from '../config.js';
import type { Logger } from '../telemetry/logger.js';

/** The pepper that this database's identifiers are hashed with. Rejects when ours is another one. */
export async function openPepper(config: Config, { patient }: Truth, log: Logger): Promise<string> {
  const pepper = await pepperOf(config, patient, log);
  if (await isSamePepper(patient, pepperCheck(pepper))) return pepper;
  const which = config.IDENTIFIER_PEPPER === undefined ? ' (none is set, so the one in DATA_DIR was taken)' : '';
  throw new Error(
    `IDENTIFIER_PEPPER: this database was filled with another pepper; every instance needs the same one${which}`,
  );
}

/** Every instance on one database has to hash alike. */
async function pepperOf(
  { IDENTIFIER_PEPPER, DATABASE_URL, DATA_DIR }: Config,
  patient: Truth['patient'],
  log: Logger,
): Promise<string> {
  if (IDENTIFIER_PEPPER !== undefined) return IDENTIFIER_PEPPER;
  const own = await installationSecret(DATA_DIR, 'identifier-pepper');
  if (DATABASE_URL === undefined) return own;
  log.warn({}, 'IDENTIFIER_PEPPER is not set: one is kept in the database, which is good for trials only');
  return trialPepper(patient, own);
}
