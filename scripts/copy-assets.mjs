/**
 * Copies what is not TypeScript (SQL, Lua, plain modules for worker threads) from src to dist, keeping paths; then compiles
 * the bundled tables of networks and countries, once for each version of their packages, makes the empty database that a first
 * start copies, and puts the command line into a few files.
 */
import { cpSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const wanted = new Set(['.sql', '.lua', '.mjs']);
cpSync(join(root, 'src'), join(root, 'dist'), {
  recursive: true,
  filter: (from) => statSync(from).isDirectory() || wanted.has(extname(from)),
});

const { buildBundledCountries, buildBundledNetworks } = await import('../dist/adapters/files/ip-data.js');
await buildBundledNetworks();
await buildBundledCountries();
const { prepareEmptyCluster } = await import('../dist/adapters/pglite/durable-files.mjs');
await prepareEmptyCluster();
await import('./bundle-commands.mjs');
await import('./bundle-service.mjs');
