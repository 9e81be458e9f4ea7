import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { leastSecretCharacters } from '../../config.js';

/** A secret's file is there and of no use. */
export class UnfitSecret extends Error {
  constructor(
    readonly says: string,
    readonly todo: string,
  ) {
    super(`${says}: ${todo}`);
  }
}

/**
 * A secret of this installation: made on first use, readable by its owner only, the same after a restart. Rejects with
 * `UnfitSecret` like `keptSecret`.
 */
export async function installationSecret(dataDir: string, name: string, prefix = ''): Promise<string> {
  const found = await keptSecret(dataDir, name);
  if (found !== undefined) return found;
  const folder = join(dataDir, 'secrets');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const secret = prefix + randomBytes(32).toString('base64url');
  const isMine = await placeOnce(folder, name, `${secret}\n`);
  return isMine ? secret : installationSecret(dataDir, name, prefix);
}

/**
 * Only looked for: undefined where none was made. Rejects with `UnfitSecret` when the file cannot be read, is empty or cut off:
 * what is hashed and signed with that, anybody could make.
 */
export async function keptSecret(dataDir: string, name: string): Promise<string | undefined> {
  const file = join(dataDir, 'secrets', name);
  const found = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UnfitSecret(`${file} cannot be read (${error.code})`, "let the service's user read it");
  });
  const secret = found?.trim();
  if (secret === undefined || secret.length >= leastSecretCharacters) return secret;
  const how = secret === '' ? 'is empty' : `holds fewer than ${leastSecretCharacters} characters`;
  throw new UnfitSecret(
    `${file} ${how} and is no secret`,
    'put it back from a copy, or delete it and a new one is made; a new pepper fits an empty database only',
  );
}

/** The whole file or none of it, also on a full disk. False: another process was first. */
async function placeOnce(folder: string, name: string, text: string): Promise<boolean> {
  const beside = join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
  try {
    await writeDurably(beside, text);
    const isFirst = await linkOnce(beside, join(folder, name));
    await syncFolder(folder);
    return isFirst;
  } finally {
    await rm(beside, { force: true });
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Never replaces what is there: false then. Some network file systems have no links; there it is copied. */
function linkOnce(from: string, to: string): Promise<boolean> {
  const isMine = () => true;
  const isTheirs = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return false;
    throw error;
  };
  return link(from, to)
    .catch((error: NodeJS.ErrnoException) => {
      if (!withoutLinks.has(error.code ?? '')) throw error;
      return copyFile(from, to, constants.COPYFILE_EXCL);
    })
    .then(isMine, isTheirs);
}

const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Or the name could be gone after a power cut. Not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
