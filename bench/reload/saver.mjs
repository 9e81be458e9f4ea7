import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';

/**
 * Saves files as an editor does, in a thread of its own: what that costs is no part of what the service pays. A file is whole
 * from the first moment on: one of twenty megabytes is not written within the time that a reload waits.
 */
async function save([path, text]) {
  const beside = join(dirname(path), `.saving-${process.hrtime.bigint()}`);
  await writeFile(beside, text);
  await rename(beside, path);
}

parentPort.on('message', async (texts) => {
  await Promise.all(texts.map(save));
  parentPort.postMessage('saved');
});
