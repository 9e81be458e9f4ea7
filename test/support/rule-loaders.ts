import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RulesFolder } from '../../src/adapters/files/open-rules.js';
import { OtherThreadLoader } from '../../src/adapters/files/reload/other-thread-loader.js';
import type { RulesLoader } from '../../src/adapters/files/reload/rules-loader.js';
import { SameThreadLoader } from '../../src/adapters/files/reload/same-thread-loader.js';
import type { Config } from '../../src/config.js';
import { projectRoot } from './service.js';

const pace = {
  elapsed: () => performance.now(),
  breathe: () => new Promise<void>((resolve) => setImmediate(resolve)),
  sliceMs: 2,
};

/** A thread runs what is built: no test transform has touched it. */
export const threadFile = pathToFileURL(join(projectRoot, 'dist/adapters/files/reload/loading-thread.js'));

export type MakeLoader = (folder: RulesFolder, config: Config) => RulesLoader;

/** `file`: what the thread runs. */
export const inThread =
  (file: URL): MakeLoader =>
  (folder, { RULES_DIR, DATA_DIR }) =>
    new OtherThreadLoader({
      folder: RULES_DIR,
      dataDir: DATA_DIR,
      pace,
      first: folder.memory,
      warmAfterMs: 60_000,
      threadFile: file,
    });

/** Both ways to load a folder again and again; the service has a thread for it. */
export const loaders: Readonly<Record<'in a thread of its own' | 'in the same thread', MakeLoader>> = {
  'in a thread of its own': inThread(threadFile),
  'in the same thread': (folder, { DATA_DIR }) => new SameThreadLoader(folder, DATA_DIR, pace),
};
