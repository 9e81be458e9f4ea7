import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { access, chmod, chown, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const run = promisify(execFile);
const installations = '/usr/lib/postgresql';

export interface PostgresServer {
  readonly url: string;
  readonly pid: number;
  /** Stalls every process of the server, as a frozen machine would; `thaw` undoes it. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** kill -9 of the server and its backends, files kept. */
  kill(): Promise<void>;
  /** After `kill`: the same files, the same port. */
  restart(): Promise<void>;
  /** A new database of this name, without anything in it; its address. */
  create(database: string): Promise<string>;
  /** A backup of a database, as pg_dump makes it; `pg_restore` puts it into a new one of this name. */
  backUp(database: string): Promise<Backup>;
  /** Stops it and removes its files. */
  stop(): Promise<void>;
}

export interface Backup {
  /** The address of the new database. */
  restoreInto(database: string): Promise<string>;
}

interface Identity {
  uid?: number;
  gid?: number;
}

/** PostgreSQL refuses to run as root: use the account `postgres`, or else `nobody`. */
async function unprivileged(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  const numberOf = async (flag: string, user: string) => Number((await run('id', [flag, user])).stdout);
  const user = await run('id', ['-u', 'postgres']).then(
    () => 'postgres',
    () => 'nobody',
  );
  return { uid: await numberOf('-u', user), gid: await numberOf('-g', user) };
}

async function binariesFolder(): Promise<string> {
  const versions = (await readdir(installations)).sort((a, b) => Number(b) - Number(a));
  const [newest] = versions;
  if (newest === undefined) throw new Error(`no PostgreSQL in ${installations}`);
  return join(installations, newest, 'bin');
}

class RunningServer implements PostgresServer {
  private child: ChildProcess | undefined;

  constructor(
    private readonly bin: string,
    private readonly dir: string,
    private readonly port: number,
    private readonly identity: Identity,
    private readonly fsync: boolean,
  ) {}

  get url(): string {
    return `postgres://portcullis@127.0.0.1:${this.port}/postgres`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  async start(): Promise<void> {
    const durable = this.fsync ? 'on' : 'off';
    const settings = [
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${this.dir}`,
      `fsync=${durable}`,
      `synchronous_commit=${durable}`,
      `full_page_writes=${durable}`,
      'max_connections=60',
      'shared_buffers=32MB',
    ].flatMap((setting) => ['-c', setting]);
    this.child = spawn(
      join(this.bin, 'postgres'),
      ['-D', join(this.dir, 'data'), '-p', String(this.port), ...settings],
      {
        ...this.identity,
        cwd: this.dir,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    await readyLine(this.child);
  }

  /** The server and its backends: each backend is a process group of its own. */
  private async pids(): Promise<number[]> {
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(this.pid)]).catch(() => ({ stdout: '' }));
    return [this.pid, ...stdout.split('\n').map(Number)].filter((pid) => pid > 0);
  }

  private async signal(name: NodeJS.Signals): Promise<void> {
    for (const pid of await this.pids()) {
      try {
        process.kill(pid, name);
      } catch {
        // It has gone by itself meanwhile.
      }
    }
  }

  freeze(): Promise<void> {
    return this.signal('SIGSTOP');
  }

  thaw(): Promise<void> {
    return this.signal('SIGCONT');
  }

  async kill(): Promise<void> {
    const gone = exited(this.child);
    await this.signal('SIGKILL');
    await gone;
  }

  async restart(): Promise<void> {
    await rm(join(this.dir, 'data', 'postmaster.pid'), { force: true });
    await this.start();
  }

  private get at(): string[] {
    return ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'portcullis'];
  }

  async create(database: string): Promise<string> {
    await run(join(this.bin, 'createdb'), [...this.at, '-T', 'template0', database]);
    return this.url.replace(/postgres$/, database);
  }

  async backUp(database: string): Promise<Backup> {
    const file = join(this.dir, `${database}-${randomUUID()}.dump`);
    await run(join(this.bin, 'pg_dump'), [...this.at, '-Fc', '-f', file, database]);
    return {
      restoreInto: async (name) => {
        const url = await this.create(name);
        await run(join(this.bin, 'pg_restore'), [...this.at, '-d', name, file]);
        return url;
      },
    };
  }

  async stop(): Promise<void> {
    const gone = exited(this.child);
    await this.thaw();
    this.child?.kill('SIGINT');
    await gone;
    await rm(this.dir, { recursive: true, force: true });
  }
}

async function exited(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  await once(child, 'exit');
}

/** Resolves when the server takes connections; rejects with its own words when it ends before. */
function readyLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
      if (said.includes('ready to accept connections')) resolve();
    });
    child.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
  });
}

const initOptions = ['-U', 'portcullis', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync', '--no-instructions'];
const preparedClusters = fileURLToPath(new URL('../../node_modules/.cache/portcullis-postgres', import.meta.url));

/** A folder of this user's own, as PostgreSQL wants it. */
async function ownFolder({ uid, gid }: Identity): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'portcullis-pg-'));
  await chmod(dir, 0o700);
  if (uid !== undefined && gid !== undefined) await chown(dir, uid, gid);
  return dir;
}

const copyFolder = (from: string, to: string) => run('cp', ['-a', from, to]);

/** The files of an empty server, made once for each version and user: copying them takes a tenth of making them. */
async function preparedCluster(bin: string, identity: Identity): Promise<string> {
  const { stdout: version } = await run(join(bin, 'postgres'), ['--version']);
  const kind = JSON.stringify([version, initOptions, identity.uid ?? process.getuid?.()]);
  const prepared = join(preparedClusters, createHash('sha256').update(kind).digest('hex'));
  const isThere = await access(prepared).then(
    () => true,
    () => false,
  );
  if (!isThere) await prepareCluster(prepared, bin, identity);
  return prepared;
}

async function prepareCluster(prepared: string, bin: string, identity: Identity): Promise<void> {
  const dir = await ownFolder(identity);
  await run(join(bin, 'initdb'), ['-D', join(dir, 'data'), ...initOptions], { ...identity, cwd: dir });
  await mkdir(dirname(prepared), { recursive: true });
  const unfinished = `${prepared}-${randomUUID()}`;
  await copyFolder(join(dir, 'data'), unfinished);
  // Whoever is second, of several that start at the same time, has made it for nothing.
  await rename(unfinished, prepared).catch(() => rm(unfinished, { recursive: true }));
  await rm(dir, { recursive: true });
}

/** A real PostgreSQL on a free port with its files in a temporary folder; `fsync` only where durability is the subject. */
export async function startPostgres({ fsync = false } = {}): Promise<PostgresServer> {
  const [bin, identity, port] = await Promise.all([binariesFolder(), unprivileged(), freePort()]);
  const [prepared, dir] = await Promise.all([preparedCluster(bin, identity), ownFolder(identity)]);
  await copyFolder(prepared, join(dir, 'data'));
  const server = new RunningServer(bin, dir, port, identity, fsync);
  await server.start();
  return server;
}
