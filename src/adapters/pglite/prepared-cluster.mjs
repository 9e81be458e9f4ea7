// Making a new cluster and its schema takes PGlite seconds of work that come out the same each time: the build does it once,
// and a first start copies the files.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const packageFolder = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), '..');

const prefix = 'portcullis-cluster';

/** Beside the package, so that another version of it comes without; named after the migrations that it has. */
const preparedFolder = join(packageFolder, `${prefix}-${migrationsHash()}`);

function migrationsHash() {
  const folder = new URL('../postgres/migrations/', import.meta.url);
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(`${name}\n`).update(readFileSync(new URL(name, folder)));
  return hash.digest('hex').slice(0, 16);
}

/** Written last: a folder without it holds no cluster, or one whose making was interrupted. */
const lastFile = 'PG_VERSION';

export const holdsCluster = (dir) => existsSync(join(dir, lastFile));

async function syncFile(path) {
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}

/** PGlite writes a new cluster without syncing, and so does a copy. */
export async function syncTree(dir) {
  const entries = await readdir(dir, { withFileTypes: true });
  const pathsOf = (wanted) => entries.filter(wanted).map(({ name }) => join(dir, name));
  await Promise.all(pathsOf((entry) => entry.isFile()).map(syncFile));
  // One folder after another: all of them at once would be more open files than a process may have.
  for (const folder of pathsOf((entry) => entry.isDirectory())) await syncTree(folder);
  await syncFile(dir);
}

/** Copies the prepared cluster into `dir`, which holds none; without one it does nothing, and PGlite makes its own. */
export async function copyPreparedCluster(dir) {
  if (!holdsCluster(preparedFolder)) return;
  const last = join(preparedFolder, lastFile);
  // Its thread has nothing else to do, and one call after another costs a third of what promises do.
  cpSync(preparedFolder, dir, { recursive: true, filter: (from) => from !== last });
  await syncTree(dir);
  cpSync(last, join(dir, lastFile));
  await syncFile(join(dir, lastFile));
  await syncFile(dir);
}

/** For the build. `make` opens, migrates and closes a database in the empty folder that it is given. */
export async function prepareCluster(make) {
  if (holdsCluster(preparedFolder)) return;
  const beside = await mkdtemp(join(packageFolder, 'portcullis-being-made-'));
  try {
    await make(beside);
    await rename(beside, preparedFolder);
    await removeOthers();
  } catch (error) {
    // Another build may have been quicker.
    if (!holdsCluster(preparedFolder)) throw error;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** Those of other migrations: each is some forty megabytes. */
async function removeOthers() {
  const names = (await readdir(packageFolder)).filter((name) => name.startsWith(prefix));
  const others = names.map((name) => join(packageFolder, name)).filter((path) => path !== preparedFolder);
  await Promise.all(others.map((path) => rm(path, { recursive: true, force: true })));
}
