import { execFile, spawn } from 'node:child_process';
import { err, ok, type Result } from '../../model/result.js';
import type { RuleFiles, UnreadableFile } from './rule-files.js';

/** As many bytes as a rules folder may have, and a little for the heads. */
const mostBytes = 256 * 1024 * 1024;
const mostFiles = 5000;

interface TreeEntry {
  readonly mode: string;
  readonly object: string;
  readonly path: string;
}

/**
 * The rules of a revision, `HEAD~3:rules`, as Git keeps them; only read. Without a path it is `folder` in that revision.
 * The error is one line for people.
 */
export async function readGitRules(revision: string, folder: string): Promise<Result<RuleFiles, string>> {
  if (revision.startsWith('-')) return err(`'${revision}' is no revision`);
  const tree = revision.includes(':') ? revision : `${revision}:./${folder}`;
  const listed = await git(['ls-tree', '-r', '-z', '--full-tree', tree]);
  if (!listed.ok) return listed;
  const entries = listed.value.toString().split('\0').flatMap(entryOf);
  const wanted = entries.filter(({ path }) => isRead(path));
  if (wanted.length > mostFiles) return err(`'${tree}' holds more than ${mostFiles} files`);
  const [files, links] = [wanted.filter(isFile), wanted.filter((entry) => !isFile(entry))];
  const texts = await readObjects(files);
  if (!texts.ok) return texts;
  const unreadable: UnreadableFile[] = links.map(({ path }) => ({ path, why: 'links are not followed in a revision' }));
  // What was not read of a revision is told where it is checked.
  return ok({ files: texts.value, unreadable, unread: [] });
}

const entryOf = (line: string): TreeEntry[] => {
  const match = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line);
  const [, mode, object, path] = match ?? [];
  return mode === undefined || object === undefined || path === undefined ? [] : [{ mode, object, path }];
};

const isRead = (path: string): boolean => /\.(ya?ml|txt)$/.test(path) && !/(^|\/)\./.test(path);
const isFile = ({ mode }: TreeEntry): boolean => mode.startsWith('100');

const git = (args: readonly string[]): Promise<Result<Buffer, string>> =>
  new Promise((resolve) => {
    execFile('git', args, { encoding: 'buffer', maxBuffer: mostBytes }, (failure, stdout, stderr) => {
      resolve(failure === null ? ok(stdout) : err(complaint(failure, stderr)));
    });
  });

/** Git's own first line, without its word for it. */
function complaint(failure: Error, stderr: Buffer): string {
  if ('code' in failure && failure.code === 'ENOENT') return 'git is not installed';
  const [line = ''] = stderr.toString().split('\n');
  return line.replace(/^fatal: /, '') || failure.message;
}

async function readObjects(entries: readonly TreeEntry[]): Promise<Result<ReadonlyMap<string, string>, string>> {
  const output = await catFiles(entries.map(({ object }) => object));
  if (!output.ok) return output;
  const files = new Map<string, string>();
  let at = 0;
  for (const { path } of entries) {
    const end = output.value.indexOf(10, at);
    const size = Number(output.value.toString('latin1', at, end).split(' ')[2]);
    if (end < 0 || !Number.isInteger(size)) return err(`git does not have '${path}'`);
    files.set(path, output.value.toString('utf8', end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return ok(files);
}

/** `git cat-file --batch`: for each object `<id> blob <size>`, a line end, its bytes, a line end. */
function catFiles(objects: readonly string[]): Promise<Result<Buffer, string>> {
  return new Promise((resolve) => {
    const child = spawn('git', ['cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    child.on('error', (failure) => resolve(err(failure.message)));
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', (code) => resolve(code === 0 ? ok(Buffer.concat(chunks)) : err('git could not read the files')));
    child.stdin.on('error', () => undefined);
    child.stdin.end(objects.map((object) => `${object}\n`).join(''));
  });
}
