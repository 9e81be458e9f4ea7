// PGlite starts PostgreSQL with fsync off, and its file layer has no fsync at all: kill -9 loses nothing, a power cut
// does. This layer gives it one, so that an acknowledged commit is on the disk.
import { fsyncSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { copyPreparedCluster, holdsCluster, syncTree } from './prepared-cluster.mjs';

/** `-F` is "no fsync"; of the ways to sync the log only `fsync` reaches the file layer. */
const startParams = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'wal_sync_method=fsync',
  // Files of the log that are used again keep what was in them: what was erased would stay.
  '-c',
  'wal_recycle=off',
];

class DurableFiles extends NodeFS {
  async init(pg, options) {
    const { emscriptenOpts } = await super.init(pg, options);
    const addFsync = ({ NODEFS }) => {
      // Folders have no descriptor here; the file system orders what happens to them.
      NODEFS.stream_ops.fsync = ({ nfd }) => {
        if (nfd !== undefined) fsyncSync(nfd);
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...emscriptenOpts.preRun, addFsync] } };
  }
}

/** Opens the cluster in `dir`, making it when it is not there; `parsers` as PGlite takes them. */
export async function openDurably(dir, parsers) {
  if (!holdsCluster(dir)) await copyPreparedCluster(dir);
  const isNew = !holdsCluster(dir);
  const database = await PGlite.create({ fs: new DurableFiles(dir), startParams, parsers });
  if (isNew) await syncTree(dir);
  return database;
}
