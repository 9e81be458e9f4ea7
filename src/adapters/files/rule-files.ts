import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { TextMemory } from './text-memory.js';

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
  /** Files that are no lists and no rules by their names, and are left alone, but look like some. */
  readonly unread: readonly string[];
}

/** Files that change while they are read are read again this often; then they are as they are. */
const mostReadings = 3;

/**
 * Reads a rules directory into memory. Links that lead out of it are not followed. Where files come, go or are swapped as a
 * whole meanwhile (Kubernetes turns one link), it is read again, so that no two versions are mixed. Rejects only when there
 * is no such directory. Files that `memory` knows from an earlier time are read only if they have changed.
 */
export async function readRuleFiles(directory: string, memory = new TextMemory()): Promise<RuleFiles> {
  let found = await findFiles(directory);
  for (let reading = 1; ; reading++) {
    const files = await readFound(found, memory);
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
  /** Where they were looked for: where each folder really lies, the directory first. */
  readonly folders: readonly string[];
  readonly unreadable: readonly UnreadableFile[];
  readonly unread: readonly string[];
}

/** What would be read. Rejects when there is no such directory. */
export async function findFiles(directory: string): Promise<Found> {
  const root = await realpath(directory);
  const unreadable: UnreadableFile[] = [];
  const folders: string[] = [];
  const unread: string[] = [];
  const files = await list({ path: root, shown: '' }, { root, unreadable, unread, folders, depth: 0 });
  return { files: files.sort((a, b) => (a.shown < b.shown ? -1 : 1)), folders, unreadable, unread: unread.sort() };
}

const isSame = (before: Found, after: Found): boolean =>
  before.files.length === after.files.length &&
  before.files.every(({ path }, index) => path === after.files[index]?.path);

async function readFound(found: Found, memory: TextMemory): Promise<RuleFiles> {
  const files = new Map<string, string>();
  const unreadable = [...found.unreadable];
  if (found.files.length > mostFiles)
    unreadable.push({ path: '.', why: `the directory holds more than ${mostFiles} files` });
  const wanted = found.files.slice(0, mostFiles);
  memory.keepOnly(wanted.map(({ path }) => path));
  const read = await Promise.all(wanted.map(({ path, shown }) => memory.read(path, shown)));
  for (const { path, text, why } of read) {
    if (text !== undefined) files.set(path, text);
    else unreadable.push({ path, why: why ?? 'it cannot be read' });
  }
  return { files, unreadable, unread: found.unread };
}

/** Files that somebody has sent, as they would be found in a directory. */
export function sentFiles(texts: ReadonlyMap<string, string>): RuleFiles {
  const shown = [...texts].filter(([path]) => !path.split('/').some((name) => name.startsWith('.')));
  const [files, others] = [shown.filter(([path]) => isRead(path)), shown.filter(([path]) => !isRead(path))];
  const unread = others.map(([path]) => path).filter((path) => looksLikeList(path) || looksLikeRules(path));
  return { files: new Map(files.sort(byPath)), unreadable: [], unread: unread.sort() };
}

const byPath = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);

interface Walk {
  readonly root: string;
  readonly unreadable: UnreadableFile[];
  readonly unread: string[];
  readonly folders: string[];
  readonly depth: number;
}

const isRead = (name: string): boolean => /\.(ya?ml|txt)$/.test(name);

/** Not what people write about their lists, nor what an editor leaves. */
const looksLikeList = (shown: string): boolean => /^lists\//i.test(shown) && !/(\.md|~)$/.test(shown);

/** By its name, which is read as it is written. */
const looksLikeRules = (shown: string): boolean => /\.ya?ml$/i.test(shown);

async function list(folder: FoundFile, walk: Walk): Promise<FoundFile[]> {
  walk.folders.push(folder.path);
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
  if (entry.isFile()) {
    if (isRead(entry.name)) return [here];
    if (looksLikeList(here.shown) || looksLikeRules(here.shown)) walk.unread.push(here.shown);
    return [];
  }
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
