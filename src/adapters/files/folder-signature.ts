import { stat } from 'node:fs/promises';
import { findFiles } from './rule-files.js';

interface FolderLook {
  /** Changes whenever a file that would be read comes, goes or is written: name, place, length, time. */
  readonly signature: string;
  /** The folder and those below it that would be read; none when there is no such folder. */
  readonly folders: readonly string[];
}

export async function lookAtFolder(folder: string): Promise<FolderLook> {
  const found = await findFiles(folder).catch(() => undefined);
  if (found === undefined) return { signature: 'none', folders: [] };
  const lines = await Promise.all(found.files.map(({ path, shown }) => signatureOf(path, shown)));
  return {
    signature: [...lines, ...found.unreadable.map(({ path }) => path)].join('\n'),
    folders: found.folders,
  };
}

export const folderSignature = async (folder: string): Promise<string> => (await lookAtFolder(folder)).signature;

const signatureOf = (path: string, shown: string): Promise<string> =>
  stat(path, { bigint: true }).then(
    ({ ino, size, mtimeNs, ctimeNs }) => `${shown} ${ino} ${size} ${mtimeNs} ${ctimeNs}`,
    () => `${shown} gone`,
  );

/** No folder's identity; that nothing is there is a change once. */
export const goneFolder = 'gone';

/**
 * Which folder a path leads to: another may be put in its place, or a link be turned to another. `..data` is the link that
 * Kubernetes turns in a mounted volume.
 */
export async function folderIdentity(folder: string): Promise<string> {
  const [place, data] = await Promise.all([folder, `${folder}/..data`].map(placeOf));
  return place === undefined ? goneFolder : `${place},${data ?? 'none'}`;
}

const placeOf = (path: string): Promise<string | undefined> =>
  stat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );
