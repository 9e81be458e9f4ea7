import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What tells that a file, or any file of a folder, is another than it was: place, size and time of change. */
export function fileIdentity(path: string | undefined): unknown {
  const found = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
  if (path === undefined || found === undefined) return null;
  if (!found.isDirectory()) return [resolve(path), found.size, found.mtimeMs];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  return files.map((file) => {
    const { size, mtimeMs } = statSync(join(path, file));
    return [resolve(path, file), size, mtimeMs];
  });
}
