/**
 * Puts the built service into a few files, dist/service: most of a start was Node finding, reading and compiling some nine
 * hundred modules. dist/serve.js then leads there; all other files of dist stay as they are.
 */
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { bundle, root } from './bundle.mjs';

const entry = join(root, 'dist/serve.js');
const outDir = join(root, 'dist/service');

/** Migrations, scripts of Redis, worker threads and packages are found from where their module was. */
const placesOfBefore = {
  name: 'places-of-before',
  transform(code, id) {
    if (!code.includes('import.meta.url')) return undefined;
    const place = `new URL(${JSON.stringify(relative(outDir, id))}, import.meta.url).href`;
    return { code: code.replaceAll('import.meta.url', place), map: null };
  },
};

await bundle({
  entry,
  outDir,
  // Its WebAssembly and data lie beside it; besides, its worker thread loads it by itself.
  external: ['@electric-sql/pglite'],
  plugins: [placesOfBefore],
  rolldownOptions: { output: { format: 'es', entryFileNames: 'serve.js', chunkFileNames: '[name]-[hash].js' } },
});
await writeFile(entry, "export { run } from './service/serve.js';\n");
