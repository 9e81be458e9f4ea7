/**
 * Copies what is not TypeScript (SQL, Lua, plain modules for worker threads) from src to dist, keeping paths; then compiles
 * the bundled tables of networks and countries, once for each version of their packages, makes the empty database that a first
 * start copies, with its schema, and puts the command line into a few files.
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
await prepareEmptyDatabase();
await import('./bundle-commands.mjs');
await import('./bundle-service.mjs');

async function prepareEmptyDatabase() {
  const [{ prepareCluster }, { openPglite }, { migrate }] = await Promise.all([
    import('../dist/adapters/pglite/prepared-cluster.mjs'),
    import('../dist/adapters/pglite/open-pglite.js'),
    import('../dist/adapters/postgres/migrate.js'),
  ]);
  await prepareCluster(async (dir) => {
    const database = await openPglite(dir);
    await migrate(database);
    await database.close();
  });
}
