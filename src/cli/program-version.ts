import { createRequire } from 'node:module';

/** As the package says it. */
export function programVersion(): string {
  const { version }: { readonly version: string } = createRequire(import.meta.url)('../../package.json');
  return version;
}
