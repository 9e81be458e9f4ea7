import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../../config.js';
import { isFolder, makeFolder } from './make-folder.js';

type Folders = Pick<Config, 'DATA_DIR' | 'REPORT_RULES_DIR' | 'DATABASE_URL' | 'REDIS_URL' | 'REDIS_CLUSTER'>;

/** Rejects with the variable that names a folder which cannot be used, before anything is started. */
export async function requireFolders(config: Folders): Promise<void> {
  const { DATA_DIR, REPORT_RULES_DIR } = config;
  const data = await prepareFolder(DATA_DIR);
  // With both stores elsewhere only tables and copies are kept here: a folder that is read-only makes starts slower.
  if (data === 'no_folder' || (data === 'not_writable' && hasOwnStores(config)))
    throw new Error(`DATA_DIR: ${DATA_DIR} ${data === 'no_folder' ? 'is no folder' : 'cannot be written to'}`);
  if (REPORT_RULES_DIR !== undefined && !(await isFolder(REPORT_RULES_DIR)))
    throw new Error(`REPORT_RULES_DIR: there is no folder ${REPORT_RULES_DIR}`);
}

export const hasOwnStores = ({ DATABASE_URL, REDIS_URL, REDIS_CLUSTER }: Folders): boolean =>
  DATABASE_URL === undefined || (REDIS_URL === undefined && REDIS_CLUSTER === undefined);

async function prepareFolder(path: string): Promise<'ready' | 'not_writable' | 'no_folder'> {
  try {
    await makeFolder(resolve(path), 0o700);
    await access(path, constants.W_OK | constants.X_OK);
    return 'ready';
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    const isWrong = code === 'EEXIST' || code === 'ENOTDIR';
    return isWrong ? 'no_folder' : 'not_writable';
  }
}
