/**
 * Puts the built command line into a few files, dist/quick: dozens start sooner than hundreds. Each command has what only it
 * needs in a file of its own. Programs that serve (`./serve.js` and its like, beside main.js) stay as they are.
 */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, root } from './bundle.mjs';

const main = join(root, 'dist/main.js');
const outDir = join(root, 'dist/quick');

/** As Node wraps a module of its usual kind; what stays a module of the other kind is imported by the starter. */
const asFunction = {
  name: 'as-function',
  generateBundle(_options, chunks) {
    for (const chunk of Object.values(chunks)) {
      const code = chunk.code.replace(/^#!.*/, '').replaceAll('import("./', 'importBeside("./');
      chunk.code = `(function (exports, require, module, __filename, __dirname, importBeside) {${code}\n})`;
    }
  },
};

const { output } = await bundle({
  entry: main,
  outDir,
  // Loaded only where a file needs it.
  external: ['yaml'],
  plugins: [asFunction],
  rolldownOptions: {
    external: (id, importer) => importer === main && /^\.\/[^/]+$/.test(id),
    // A name changes with what is in the file: compiled code that is kept never belongs to another text.
    output: { format: 'cjs', entryFileNames: '[name]-[hash].cjs', chunkFileNames: '[name]-[hash].cjs' },
  },
});
await writeFile(join(outDir, 'entry'), output.find(({ isEntry }) => isEntry).fileName);
// Authors check on every save: already the first time is quick, also where nothing can be written later. What it says of the
// rules is of no matter here.
spawnSync(process.execPath, ['--no-warnings', join(root, 'scripts/quick.cjs'), 'rules', 'check', join(root, 'rules')]);
