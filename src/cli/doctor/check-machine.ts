import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { hasOwnStores } from '../../adapters/files/require-folders.js';
import type { Config } from '../../config.js';
import { type Finding, fail, good, reasonOf, warn } from './finding.js';

/** By major version, the oldest minor one that will do; as "engines" in package.json says. Newer ones all do. */
const oldestMinor: Readonly<Record<number, number>> = { 20: 19, 22: 12 };
const newestKnown = 22;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isFit = major > newestKnown || minor >= (oldestMinor[major] ?? Number.POSITIVE_INFINITY);
  if (!isFit) return fail('node', `Node.js ${version}`, 'install Node.js 20.19, 22.12 or newer');
  return good('node', `Node.js ${version}`);
}

const failBelow = 100 * 1024 ** 2;
const warnBelow = 1024 ** 3;

/** Looks only: a folder that is not there yet is looked at where it will be made. */
export async function checkDataDir(config: Config): Promise<readonly Finding[]> {
  const { DATA_DIR: dir } = config;
  const place = await nearestFolder(resolve(dir));
  if (place === undefined)
    return [fail('data_dir', `DATA_DIR ${dir} is no folder, and none can be made there`, 'set DATA_DIR')];
  const isWritable = await access(place, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  const isThere = place === resolve(dir);
  if (!isWritable) {
    const todo = `give this account the right to write ${place}`;
    return [(hasOwnStores(config) ? fail : warn)('data_dir', `DATA_DIR ${dir} cannot be written to`, todo)];
  }
  const says = isThere ? `DATA_DIR ${dir} can be written to` : `DATA_DIR ${dir} will be made by the first start`;
  return [good('data_dir', says), await checkDisk(place)];
}

async function nearestFolder(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined) return found.isDirectory() ? path : undefined;
  const above = dirname(path);
  return above === path ? undefined : nearestFolder(above);
}

async function checkDisk(place: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(place);
    return diskFinding(bavail * bsize);
  } catch (error) {
    return warn('disk', `free space cannot be told (${reasonOf(error)})`, 'look at it by other means');
  }
}

export function diskFinding(free: number): Finding {
  const says = `${(free / 1024 ** 3).toFixed(1)} GiB free where DATA_DIR is`;
  if (free < failBelow) return fail('disk', says, 'make room: stores that cannot write stop answering');
  return free < warnBelow ? warn('disk', says, 'make room soon') : good('disk', says);
}
