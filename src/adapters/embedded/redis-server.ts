import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentOf, findRedisServer, type ServerProgram } from './find-redis-server.js';
import { askRedis, isServing, type RedisAddress } from './ping-redis.js';

interface EmbeddedRedis {
  readonly url: string;
  /** Another one once the server was started again. */
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
  /** Who is told when the server ends by itself, which is then started again at the same address; without it, it stays away. */
  readonly log?: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
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
async function endStale(trace: Trace, traceFile: string): Promise<void> {
  if (!(await isServing(trace))) return;
  // Whoever started it must not start it again.
  await rm(traceFile, { force: true });
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

interface Launch {
  readonly program: ServerProgram;
  readonly dir: string;
  readonly timeoutMs: number;
}

async function launchAt(address: RedisAddress, { program, dir, timeoutMs }: Launch): Promise<ChildProcess | undefined> {
  // Its own process group: Ctrl-C is for us, and we end the server after our last write.
  const child = spawn(program.command, ['-'], {
    env: environmentOf(program),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(configuration(dir, address));
  if (await untilServing(child, address, timeoutMs)) return child;
  child.kill('SIGKILL');
  return undefined;
}

/** A free port may be taken before the server listens there. */
async function launch(how: Launch): Promise<[ChildProcess, RedisAddress]> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const address = { port: await freePort(), password: randomBytes(24).toString('hex') };
    const child = await launchAt(address, how);
    if (child !== undefined) return [child, address];
  }
  throw new Error(
    `the embedded redis-server did not start in ${how.dir}: see whether its files are readable and whole`,
  );
}

const firstPauseMs = 200;
const longestPauseMs = 10_000;

/** A server of our own, whose pid and address stand in a file of its folder while it is ours. */
class OwnServer implements EmbeddedRedis {
  #isStopped = false;
  #child: ChildProcess;
  #watcher: ChildProcess;

  constructor(
    child: ChildProcess,
    private readonly address: RedisAddress,
    private readonly how: Launch & { readonly traceFile: string; readonly log: EmbeddedRedisOptions['log'] },
  ) {
    this.#child = child;
    this.#watcher = this.#adopt(child);
  }

  get url(): string {
    return urlOf(this.address);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async leaveTrace(): Promise<void> {
    const { traceFile } = this.how;
    await writeFile(traceFile, JSON.stringify({ ...this.address, pid: this.pid, parent: process.pid }), {
      mode: 0o600,
    });
    await chmod(traceFile, 0o600);
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    return stopServer(this.#child, this.#watcher, this.how.traceFile);
  }

  #adopt(child: ChildProcess): ChildProcess {
    const watcher = watchParent(child.pid ?? 0);
    child.unref();
    child.once('exit', (code, signal) => {
      watcher.kill('SIGKILL');
      if (!this.#isStopped && this.how.log !== undefined)
        void this.#startAgain(this.how.log, signal ?? `status ${code}`);
    });
    return watcher;
  }

  /** Until it is back, stopped, or another process has the folder. */
  async #startAgain(log: NonNullable<EmbeddedRedisOptions['log']>, how: string): Promise<void> {
    log.warn({ pid: this.pid, how }, 'the embedded redis-server has ended and is started again');
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      await sleep(pauseMs, undefined, { ref: false });
      if (!(await this.#isOurs())) return;
      const child = await launchAt(this.address, this.how);
      if (child === undefined) continue;
      this.#child = child;
      this.#watcher = this.#adopt(child);
      if (this.#isStopped) return this.stop();
      await this.leaveTrace();
      log.info({ pid: this.pid }, 'the embedded redis-server is back');
      return;
    }
  }

  async #isOurs(): Promise<boolean> {
    return !this.#isStopped && (await readTrace(this.how.traceFile))?.pid === this.pid;
  }
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
    await endStale(trace, traceFile);
  }
  const program = await findRedisServer({ cacheDir: options.cacheDir ?? dir, ...named(options) });
  if (program === undefined) throw new Error(howToInstall);
  const how = { program, dir, timeoutMs: options.startTimeoutMs ?? 30_000 };
  const [child, address] = await launch(how);
  const server = new OwnServer(child, address, { ...how, traceFile, log: options.log });
  await server.leaveTrace();
  return server;
}

const named = ({ names }: EmbeddedRedisOptions) => (names === undefined ? {} : { names });
