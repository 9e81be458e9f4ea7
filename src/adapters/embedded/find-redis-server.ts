import { execFile } from 'node:child_process';
import { access, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How to start a server: the program, and where its own libraries lie when it was unpacked without being installed. */
export interface ServerProgram {
  readonly command: string;
  readonly libraryPath?: string;
}

interface FindServer {
  /** Unpacked packages are kept here. */
  readonly cacheDir: string;
  /** Tried in this order through the PATH. */
  readonly names?: readonly string[];
}

const answers = (program: ServerProgram): Promise<boolean> =>
  run(program.command, ['--version'], { env: environmentOf(program), timeout: 5000 }).then(
    () => true,
    () => false,
  );

/** A server needs nothing of our environment but its libraries; undefined = inherit, for the search through the PATH. */
export const environmentOf = ({ libraryPath }: ServerProgram): NodeJS.ProcessEnv | undefined =>
  libraryPath === undefined ? undefined : { LD_LIBRARY_PATH: libraryPath };

/** Where a Debian package's libraries are, whatever the machine's architecture. */
async function libraryPathOf(root: string): Promise<string> {
  const lib = join(root, 'usr', 'lib');
  const entries = await readdir(lib).catch(() => []);
  return [lib, ...entries.filter((name) => name.includes('-linux-')).map((name) => join(lib, name))].join(':');
}

async function unpacked(root: string): Promise<ServerProgram | undefined> {
  const command = join(root, 'usr', 'bin', 'redis-server');
  const there = await access(command).then(
    () => true,
    () => false,
  );
  if (!there) return undefined;
  const program = { command, libraryPath: await libraryPathOf(root) };
  return (await answers(program)) ? program : undefined;
}

const isInstalled = (name: string): Promise<boolean> =>
  run('dpkg-query', ['--status', name]).then(
    ({ stdout }) => stdout.includes('ok installed'),
    () => false,
  );

/** The server's packages that are not on this machine; only those the program itself loads. */
async function missingPackages(): Promise<string[]> {
  const only = ['--no-recommends', '--no-suggests', '--no-conflicts', '--no-breaks', '--no-replaces', '--no-enhances'];
  const { stdout } = await run('apt-cache', ['depends', '--recurse', ...only, 'redis-server', 'redis-tools']);
  const names = new Set(stdout.split('\n').filter((line) => /^(redis-|lib|lua)[a-z0-9.+-]*$/.test(line)));
  const installed = await Promise.all([...names].map(isInstalled));
  const absent = [...names].filter((_, index) => !installed[index]);
  return [...new Set([...absent, 'redis-server', 'redis-tools'])];
}

/** Debian without Redis: fetches the packages and unpacks them beside our data; no root is needed for that. */
async function unpackDebian(root: string): Promise<ServerProgram | undefined> {
  try {
    const packages = join(root, 'packages');
    await mkdir(packages, { recursive: true });
    await run('apt-get', ['download', ...(await missingPackages())], { cwd: packages, timeout: 60_000 });
    for (const name of await readdir(packages)) await run('dpkg-deb', ['-x', join(packages, name), root]);
    return await unpacked(root);
  } catch {
    return undefined;
  }
}

const unpackedIn = (cacheDir: string): string => join(cacheDir, 'redis-server');

/** In the PATH, else unpacked earlier; fetches nothing. */
export async function findInstalledRedis({ cacheDir, names }: FindServer): Promise<ServerProgram | undefined> {
  for (const command of names ?? ['redis-server', 'valkey-server']) {
    if (await answers({ command })) return { command };
  }
  return unpacked(unpackedIn(cacheDir));
}

/** As it tells of itself, such as `7.0.15`. */
export async function redisServerVersion(program: ServerProgram): Promise<string> {
  const { stdout } = await run(program.command, ['--version'], { env: environmentOf(program), timeout: 5000 });
  return /\bv=([\d.]+)/.exec(stdout)?.[1] ?? 'unknown';
}

/** In the PATH, else unpacked earlier, else unpacked now; undefined when none of that is possible. */
export const findRedisServer = async (search: FindServer): Promise<ServerProgram | undefined> =>
  (await findInstalledRedis(search)) ?? (await unpackDebian(unpackedIn(search.cacheDir)));
