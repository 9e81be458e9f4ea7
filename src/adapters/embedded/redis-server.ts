import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { findRedisBinary } from './redis-binary.js';

export interface EmbeddedRedis {
  /** Carries the password: for clients, not for people. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Where the program came from, for the start-up lines. */
  readonly binary: string;
  /** Ends it and waits; what was acknowledged is on disk. */
  stop(): Promise<void>;
}

export interface EmbeddedRedisOptions {
  /** Its append-only file lives here. */
  readonly dataDir: string;
  /** Where a server is unpacked to when the machine has none. */
  readonly cacheDir: string;
}

/**
 * Ends the server when our end of the pipe closes, however we die; a terminal's Ctrl-C does not reach it, so that the
 * service can finish its work first.
 */
const watchdog = '"$@" </dev/null & server=$!; echo $server; cat >/dev/null; kill $server 2>/dev/null; wait $server';

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? found(address.port) : failed()));
    });
  });
}

const settings = (dir: string, port: number): string[] => [
  ...['--port', String(port), '--bind', '127.0.0.1', '--protected-mode', 'yes', '--dir', dir],
  ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', '--maxmemory-policy', 'noeviction'],
  ...['--daemonize', 'no', '--loglevel', 'warning', '--logfile', join(dir, 'redis.log')],
];

/** A redis-server child on a free loopback port with a password of its own, append-only file on, nothing evicted. */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const dir = resolve(options.dataDir, 'redis');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await stopStale(dir);
  const found = await findRedisBinary(options.cacheDir);
  const port = await freePort();
  const password = randomBytes(24).toString('base64url');
  // The password goes through a file that only we can read: arguments are visible to everyone on the machine.
  const configFile = join(dir, 'password.conf');
  await writeFile(configFile, `requirepass ${password}\n`, { mode: 0o600 });
  const child = spawn('sh', ['-c', watchdog, 'redis', found.path, configFile, ...settings(dir, port)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...found.environment },
  });
  const pid = await firstLine(child);
  await writeFile(pidFile(dir), String(pid), { mode: 0o600 });
  const url = `redis://:${password}@127.0.0.1:${port}`;
  await answersPing(url, child, join(dir, 'redis.log'));
  return { url, port, pid, binary: found.origin, stop: () => stop(child, dir) };
}

const pidFile = (dir: string): string => join(dir, 'redis.pid');

function firstLine(child: ChildProcess): Promise<number> {
  return new Promise((found, failed) => {
    child.once('error', failed);
    child.once('exit', () => failed(new Error('the embedded Redis server did not start')));
    child.stdout?.once('data', (data: Buffer) => found(Number.parseInt(data.toString(), 10)));
  });
}

async function answersPing(url: string, child: ChildProcess, logFile: string): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => {});
  let exited = false;
  child.once('exit', () => {
    exited = true;
  });
  try {
    // A large append-only file takes a while to load; the server says LOADING until then.
    for (let attempt = 0; attempt < 3000 && !exited; attempt++) {
      if (client.status === 'wait') client.connect().catch(() => {});
      if (client.status === 'ready' && (await client.ping().catch(() => '')) === 'PONG') return;
      await sleep(10);
    }
    const log = await readFile(logFile, 'utf8').catch(() => '');
    throw new Error(`the embedded Redis server does not answer: ${log.trim().split('\n').at(-1) ?? ''}`);
  } finally {
    client.disconnect();
  }
}

async function stop(child: ChildProcess, dir: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = new Promise((done) => child.once('exit', done));
    child.stdin?.end();
    await exited;
  }
  await rm(pidFile(dir), { force: true });
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function isRedis(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return /redis|valkey/.test(command);
}

/** Two servers on one append-only file would ruin it: one that an earlier run left behind is ended first. */
async function stopStale(dir: string): Promise<void> {
  const pid = Number.parseInt(await readFile(pidFile(dir), 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid) || !isAlive(pid) || !(await isRedis(pid))) return;
  process.kill(pid, 'SIGTERM');
  for (let attempt = 0; attempt < 500 && isAlive(pid); attempt++) await sleep(20);
  if (isAlive(pid)) throw new Error(`another Redis server (process ${pid}) uses ${dir} and does not end`);
}
