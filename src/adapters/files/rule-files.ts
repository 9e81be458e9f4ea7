import { constants, type Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** A YAML file may be this long; one that is longer is read this far, so that the loader can say so. */
const largestYamlBytes = 256 * 1024;
const largestListBytes = 64 * 1024 * 1024;
const mostFiles = 5000;
const deepest = 8;

export interface UnreadableFile {
  readonly path: string;
  readonly why: string;
}

export interface RuleFiles {
  /** Texts by path relative to the directory, with forward slashes. */
  readonly files: ReadonlyMap<string, string>;
  readonly unreadable: readonly UnreadableFile[];
}

/** Files that change while they are read are read again this often; then they are as they are. */
const mostReadings = 3;

/**
 * Reads a rules directory into memory. Links that lead out of it are not followed. Where files come, go or are swapped as a
 * whole meanwhile (Kubernetes turns one link), it is read again, so that no two versions are mixed. Rejects only when there
 * is no such directory.
 */
export async function readRuleFiles(directory: string): Promise<RuleFiles> {
  let found = await findFiles(directory);
  for (let reading = 1; ; reading++) {
    const files = await readFound(found);
    const after = await findFiles(directory);
    if (reading === mostReadings || isSame(found, after)) return files;
    found = after;
  }
}

interface FoundFile {
  /** Relative to the directory, with forward slashes. */
  readonly shown: string;
  /** Where it really lies. */
  readonly path: string;
}

interface Found {
  readonly files: readonly FoundFile[];
  readonly unreadable: readonly UnreadableFile[];
}

/** What would be read. Rejects when there is no such directory. */
export async function findFiles(directory: string): Promise<Found> {
  const root = await realpath(directory);
  const unreadable: UnreadableFile[] = [];
  const files = await list({ path: root, shown: '' }, { root, unreadable, depth: 0 });
  return { files: files.sort((a, b) => (a.shown < b.shown ? -1 : 1)), unreadable };
}

const isSame = (before: Found, after: Found): boolean =>
  before.files.length === after.files.length &&
  before.files.every(({ path }, index) => path === after.files[index]?.path);

async function readFound(found: Found): Promise<RuleFiles> {
  const files = new Map<string, string>();
  const unreadable = [...found.unreadable];
  if (found.files.length > mostFiles)
    unreadable.push({ path: '.', why: `the directory holds more than ${mostFiles} files` });
  const read = await Promise.all(found.files.slice(0, mostFiles).map(({ path, shown }) => readText(path, shown)));
  for (const { path, text, why } of read) {
    if (text !== undefined) files.set(path, text);
    else unreadable.push({ path, why: why ?? 'it cannot be read' });
  }
  return { files, unreadable };
}

interface Walk {
  readonly root: string;
  readonly unreadable: UnreadableFile[];
  readonly depth: number;
}

const isRead = (name: string): boolean => /\.(ya?ml|txt)$/.test(name);

async function list(folder: FoundFile, walk: Walk): Promise<FoundFile[]> {
  const entries = await readdir(folder.path, { withFileTypes: true });
  const found = await Promise.all(
    entries.filter(({ name }) => !name.startsWith('.')).map((entry) => visit(folder, entry, walk)),
  );
  return found.flat();
}

async function visit(folder: FoundFile, entry: Dirent, walk: Walk): Promise<FoundFile[]> {
  const here = {
    path: join(folder.path, entry.name),
    shown: folder.shown === '' ? entry.name : `${folder.shown}/${entry.name}`,
  };
  if (entry.isDirectory()) return enter(here, walk);
  if (entry.isFile()) return isRead(entry.name) ? [here] : [];
  return entry.isSymbolicLink() ? follow(here, walk) : [];
}

const enter = (folder: FoundFile, walk: Walk): Promise<FoundFile[]> | FoundFile[] =>
  walk.depth < deepest ? list(folder, { ...walk, depth: walk.depth + 1 }) : [];

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function follow(link: FoundFile, walk: Walk): Promise<FoundFile[]> {
  const { root, unreadable } = walk;
  const target = await realpath(link.path).catch(() => undefined);
  const isFolder = target !== undefined && (await isDirectory(target));
  if (!isFolder && !isRead(link.shown)) return [];
  if (target?.startsWith(root + sep) !== true) {
    unreadable.push({ path: link.shown, why: 'it is a link that leads nowhere or out of the rules directory' });
    return [];
  }
  const there = { path: target, shown: link.shown };
  // A link to a folder that it lies in itself would lead round and round.
  return isFolder ? (link.path.startsWith(target + sep) ? [] : enter(there, walk)) : [there];
}

interface ReadText {
  readonly path: string;
  readonly text?: string;
  readonly why?: string;
}

async function readText(file: string, path: string): Promise<ReadText> {
  const most = path.endsWith('.txt') ? largestListBytes : largestYamlBytes;
  try {
    // Without O_NONBLOCK a pipe that someone put there would hang the start.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size } = await handle.stat();
      if (size > most && path.endsWith('.txt')) return { path, why: 'it is larger than 64 MiB' };
      const bytes = Buffer.alloc(Math.min(size, most + 1));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      return decode(path, bytes.subarray(0, bytesRead), size > most);
    } finally {
      await handle.close();
    }
  } catch (failure) {
    return { path, why: failure instanceof Error ? failure.message : String(failure) };
  }
}

/** A file that was cut may end within a character. */
function decode(path: string, bytes: Buffer, cut: boolean): ReadText {
  try {
    return { path, text: new TextDecoder('utf-8', { fatal: !cut, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { path, why: 'it is not UTF-8' };
  }
}
