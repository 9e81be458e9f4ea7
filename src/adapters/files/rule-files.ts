import { constants, type Dirent } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

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

/** Reads a rules directory into memory. Links that lead out of it are not followed. Rejects only when there is no such directory. */
export async function readRuleFiles(directory: string): Promise<RuleFiles> {
  const root = await realpath(directory);
  const files = new Map<string, string>();
  const unreadable: UnreadableFile[] = [];
  const paths = await list(root, { root, unreadable, depth: 0 });
  if (paths.length > mostFiles) unreadable.push({ path: '.', why: `the directory holds more than ${mostFiles} files` });
  const read = await Promise.all(paths.slice(0, mostFiles).map((path) => readText(join(root, path), path)));
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
const slashed = (path: string): string => path.split(sep).join('/');

async function list(folder: string, walk: Walk): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.filter(({ name }) => !name.startsWith('.')).map((entry) => visit(folder, entry, walk)),
  );
  return found.flat().sort();
}

async function visit(folder: string, entry: Dirent, { root, unreadable, depth }: Walk): Promise<string[]> {
  const path = join(folder, entry.name);
  const shown = slashed(relative(root, path));
  if (entry.isDirectory()) return depth < deepest ? list(path, { root, unreadable, depth: depth + 1 }) : [];
  if (!isRead(entry.name)) return [];
  if (entry.isFile()) return [shown];
  if (!entry.isSymbolicLink()) return [];
  const target = await realpath(path).catch(() => undefined);
  if (target?.startsWith(root + sep) === true) return [shown];
  unreadable.push({ path: shown, why: 'it is a link that leads nowhere or out of the rules directory' });
  return [];
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
