import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** With all folders above it; there may be one already. Below /proc Node's own recursion never ends. */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  if (await isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) await makeFolder(above, mode);
  await mkdir(path, { mode }).catch(async (error: unknown) => {
    // Another process may have been first.
    if (!(await isFolder(path))) throw error;
  });
}
