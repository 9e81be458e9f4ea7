import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Puts a built program and the packages that it uses into a few files of `outDir`, but for the packages in `external`. */
export const bundle = ({ entry, outDir, external, plugins, rolldownOptions }) =>
  build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins,
    ssr: { noExternal: true, external },
    build: {
      ssr: entry,
      outDir,
      copyPublicDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: { checks: { pluginTimings: false }, ...rolldownOptions },
    },
  });
