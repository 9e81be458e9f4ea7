// Making a new cluster takes PGlite seconds of work that comes out the same each time: the build does it once, and a first
// start copies the files.
import { cpSync, existsSync } from 'node:fs';
import { mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const packageFolder = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), '..');

/** Beside the package, so that another version of it comes without. */
const preparedFolder = join(packageFolder, 'portcullis-cluster');

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

/** For the build. `make` opens and closes a database in the empty folder that it is given. */
export async function prepareCluster(make) {
  if (holdsCluster(preparedFolder)) return;
  const beside = await mkdtemp(join(packageFolder, 'portcullis-cluster-'));
  try {
    await make(beside);
    await rename(beside, preparedFolder);
  } catch (error) {
    // Another build may have been quicker.
    if (!holdsCluster(preparedFolder)) throw error;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}
