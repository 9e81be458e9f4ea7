/** Makes dist/quick/rules-check.cjs of the built `rules check`: one file starts sooner than a hundred and fifty. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  // Loaded only where a file needs it.
  ssr: { noExternal: true, external: ['yaml'] },
  build: {
    ssr: join(root, 'dist/cli/rules-check.js'),
    outDir: join(root, 'dist/quick'),
    copyPublicDir: false,
    minify: false,
    target: 'node20',
    rolldownOptions: { output: { format: 'cjs', entryFileNames: 'rules-check.cjs', codeSplitting: false } },
  },
});
