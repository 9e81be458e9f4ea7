import { execFile } from 'node:child_process';
import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface RedisBinary {
  readonly path: string;
  /** Libraries unpacked beside it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly origin: string;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** `redis-server` or `valkey-server` of this machine, else Debian's package unpacked into the cache folder. */
export async function findRedisBinary(cacheDir: string): Promise<RedisBinary> {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      if (folder !== '' && (await isExecutable(path))) return { path, environment: {}, origin: path };
    }
  }
  const unpacked = resolve(cacheDir, 'redis-server');
  const path = join(unpacked, 'usr/bin/redis-server');
  if (!(await isExecutable(path))) await unpackDebianPackage(unpacked).catch(noServer);
  if (!(await isExecutable(path))) return noServer();
  return { path, environment: { LD_LIBRARY_PATH: await libraryPath(unpacked) }, origin: 'unpacked from Debian' };
}

function noServer(): never {
  throw new Error('no Redis server found: install redis-server (or valkey), or set REDIS_URL');
}

/** Needs no root: package lists and downloads go to folders of our own. */
async function unpackDebianPackage(folder: string): Promise<void> {
  const state = join(folder, 'apt');
  await mkdir(join(state, 'lists/partial'), { recursive: true });
  await mkdir(join(state, 'cache/archives/partial'), { recursive: true });
  const own = ['-o', `Dir::State::lists=${join(state, 'lists')}`, '-o', `Dir::Cache=${join(state, 'cache')}`];
  await run('apt-get', ['update', '-qq', ...own], { timeout: 120_000 });
  const { stdout } = await run('apt-cache', [...own, 'depends', '--recurse', ...onlyDepends, 'redis-server']);
  const names = stdout.split('\n').filter((line) => /^[a-z0-9]/.test(line));
  const missing = [];
  // Installed libraries serve as they are; the server's own packages are wanted here whatever the machine has.
  for (const name of names) if (name.startsWith('redis') || !(await isInstalled(name))) missing.push(name);
  // Virtual packages cannot be downloaded; what really is missing shows when the server starts.
  await Promise.allSettled(missing.map((name) => run('apt-get', [...own, 'download', name], { cwd: state })));
  for (const file of await readdir(state))
    if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', join(state, file), folder]);
}

const onlyDepends = [
  '--no-recommends',
  '--no-suggests',
  '--no-conflicts',
  '--no-breaks',
  '--no-replaces',
  '--no-enhances',
];

const isInstalled = (name: string): Promise<boolean> =>
  run('dpkg-query', ['-W', '-f', '\x24{Status}', name]).then(
    ({ stdout }) => stdout.endsWith('ok installed'),
    () => false,
  );

/** Debian keeps libraries in a folder named after the machine's architecture. */
async function libraryPath(folder: string): Promise<string> {
  const found: string[] = [];
  for (const base of ['usr/lib', 'lib']) {
    const entries = await readdir(join(folder, base)).catch(() => []);
    found.push(...entries.filter((name) => name.includes('linux-gnu')).map((name) => join(folder, base, name)));
  }
  return found.join(delimiter);
}
