import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureBuilt, projectRoot } from './service.js';

export interface ShellRun {
  /** Null where it had to be ended. */
  readonly status: number | null;
  /** Both streams, as a reader sees them. */
  readonly output: string;
}

/** A copy of what a reader has before him after a clone and a first start; he may write into it. */
export interface DocsProject {
  readonly folder: string;
  run(script: string, environment: Readonly<Record<string, string>>): Promise<ShellRun>;
  remove(): Promise<void>;
}

const copied = ['README.md', 'docs', 'package.json', 'package-lock.json', 'rules', 'scripts', 'src'];
const linked = ['dist', 'node_modules'];
/** Of one block; on a machine that is busy with other tests the longest has taken half a minute. */
const timeLimitMs = 120_000;

export async function copyProject(): Promise<DocsProject> {
  await ensureBuilt();
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-docs-'));
  // Times stay, those of folders too: sources that look newer than the build would be built again.
  const sources = [...copied, 'tsconfig.json', 'tsconfig.build.json'].map((name) => join(projectRoot, name));
  await promisify(execFile)('cp', ['-a', ...sources, folder]);
  for (const name of linked) await symlink(join(projectRoot, name), join(folder, name));
  // An answer that tells of an error is an error here.
  await writeFile(join(folder, '.curlrc'), 'fail\nshow-error\n');
  return {
    folder,
    run: (script, environment) => runShell(script, folder, environment),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

const author = { name: 'An Author', email: 'author@example.com' };

async function runShell(script: string, folder: string, more: Readonly<Record<string, string>>): Promise<ShellRun> {
  const child = spawn('sh', ['-e', '-c', script], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
      ...more,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // All that the script has started ends with it.
  const limit = setTimeout(() => process.kill(-(child.pid ?? process.pid), 'SIGKILL'), timeLimitMs);
  await once(child, 'close');
  clearTimeout(limit);
  return { status: child.exitCode, output };
}
