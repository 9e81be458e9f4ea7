import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentOf, findRedisServer, type ServerProgram } from './find-redis-server.js';
import { askRedis, isServing, type RedisAddress } from './ping-redis.js';

export interface EmbeddedRedis {
  readonly url: string;
  readonly pid: number;
  /** Writes everything down and ends the server; leaves one alone that another living process started. */
  stop(): Promise<void>;
}

export interface EmbeddedRedisOptions {
  /** The server's files; made when it is not there. */
  readonly dir: string;
  /** Where unpacked packages are kept; `dir` by default. */
  readonly cacheDir?: string;
  readonly names?: readonly string[];
  /** How long loading the files may take. */
  readonly startTimeoutMs?: number;
}

/** Left in the folder, readable by us alone, so that a later run recognises a server that is still there. */
interface Trace extends RedisAddress {
  readonly pid: number;
  readonly parent: number;
}

const howToInstall =
  'no redis-server found: install it (Debian: apt-get install redis-server; macOS: brew install redis) or set REDIS_URL';

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}

/** Goes in through standard input: a password on the command line could be read by everybody on the machine. */
const configuration = (dir: string, { port, password }: RedisAddress): string =>
  [
    `port ${port}`,
    'bind 127.0.0.1',
    'protected-mode yes',
    `requirepass ${password}`,
    `dir ${JSON.stringify(dir)}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'daemonize no',
    'loglevel warning',
    '',
  ].join('\n');

const urlOf = ({ port, password }: RedisAddress): string => `redis://:${password}@127.0.0.1:${port}`;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function readTrace(file: string): Promise<Trace | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Ends a server that outlived the process it belonged to, so that two never write the same files. */
async function endStale(trace: Trace): Promise<void> {
  if (!(await isServing(trace))) return;
  await askRedis(trace, 'SHUTDOWN');
  for (let waited = 0; waited < 5000 && (await isServing(trace)); waited += 50) await sleep(50);
}

/** Ends the server when we are gone, however that happens: the pipe it reads closes with our last breath. */
function watchParent(serverPid: number): ChildProcess {
  const script = 'cat >/dev/null; kill -TERM "$1" && sleep 5 && kill -KILL "$1"';
  const watcher = spawn('/bin/sh', ['-c', script, 'watch', String(serverPid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  if (watcher.stdin !== null && 'unref' in watcher.stdin && typeof watcher.stdin.unref === 'function')
    watcher.stdin.unref();
  return watcher;
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function untilServing(child: ChildProcess, address: RedisAddress, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && !hasEnded(child)) {
    if (await isServing(address)) return !hasEnded(child);
    await sleep(10);
  }
  return false;
}

async function launch(program: ServerProgram, dir: string, timeoutMs: number): Promise<[ChildProcess, RedisAddress]> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const address = { port: await freePort(), password: randomBytes(24).toString('hex') };
    // Its own process group: Ctrl-C is for us, and we end the server after our last write.
    const child = spawn(program.command, ['-'], {
      env: environmentOf(program),
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    child.on('error', () => undefined);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(configuration(dir, address));
    if (await untilServing(child, address, timeoutMs)) return [child, address];
    child.kill('SIGKILL');
  }
  throw new Error(`the embedded redis-server did not start in ${dir}: see whether its files are readable and whole`);
}

async function stopServer(child: ChildProcess, watcher: ChildProcess, traceFile: string): Promise<void> {
  watcher.kill('SIGKILL');
  if (!hasEnded(child)) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(forced);
  }
  await rm(traceFile, { force: true });
}

/** A redis-server (or valkey-server) of our own on a free loopback port. Rejects with one line that says what to do. */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const dir = resolve(options.dir);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const traceFile = join(dir, 'redis-server.json');
  const trace = await readTrace(traceFile);
  if (trace !== undefined) {
    if (trace.parent !== process.pid && isAlive(trace.parent) && (await isServing(trace)))
      return { url: urlOf(trace), pid: trace.pid, stop: async () => undefined };
    await endStale(trace);
  }
  const program = await findRedisServer({ cacheDir: options.cacheDir ?? dir, ...named(options) });
  if (program === undefined) throw new Error(howToInstall);
  const [child, address] = await launch(program, dir, options.startTimeoutMs ?? 30_000);
  const pid = child.pid ?? 0;
  const watcher = watchParent(pid);
  child.unref();
  child.once('exit', () => watcher.kill('SIGKILL'));
  await writeFile(traceFile, JSON.stringify({ ...address, pid, parent: process.pid }), { mode: 0o600 });
  await chmod(traceFile, 0o600);
  return { url: urlOf(address), pid, stop: () => stopServer(child, watcher, traceFile) };
}

const named = ({ names }: EmbeddedRedisOptions) => (names === undefined ? {} : { names });
