import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Decision } from '../../src/model/decision.js';
import { freePort } from './free-port.js';
import { trialRules } from './trial-rules.js';

export { trialRules } from './trial-rules.js';

const run = promisify(execFile);
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '../..');
const entry = join(projectRoot, 'dist/main.js');

export const adminKey = 'pk_admin_for_tests_0123456789abcdef';

/** Parsed JSON, or null where there is none; tests know what they asked for. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: answers of many forms, each looked at by the test that asked.
  readonly body: any;
  readonly ms: number;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ServiceOptions {
  /** File name to text; replaces the small deterministic rule set. */
  readonly rules?: Readonly<Record<string, string>>;
  /** A folder to use as it is, such as the project's own rules. */
  readonly rulesDir?: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The built service as a process of its own, with its files in a temporary folder. */
export interface Service {
  readonly pid: number;
  /** `http://127.0.0.1:…`; the same after a restart. */
  readonly url: string;
  readonly rulesDir: string;
  readonly dataDir: string;
  /** What it wrote to standard output and standard error. */
  readonly output: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The decision; comes again when told so, any other answer is an error that tells what came. */
  evaluate(event: object): Promise<Decision>;
  gate(ids: { accountId?: string; apiKeyId?: string }): Promise<Answer>;
  /** Ends it as an operator would, and waits; the exit code. */
  stop(): Promise<number | null>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
  /** Again, with the same files on the same port; resolves when it is ready, or as soon as it answers at all. */
  start(until?: 'ready' | 'live'): Promise<void>;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
}

/** What `scripts/portcullis` does first: builds what is newer than the last build, once, under a lock. */
export async function ensureBuilt(): Promise<void> {
  await run('sh', ['-c', 'root=$0; . "$root/scripts/prepare.sh"; prepare', projectRoot]);
}

/** Of this process, only what finding programs needs: a variable of the machine must not configure the service. */
const plainEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, HOME: process.env.HOME });

/** For V8: what ends after some seconds gains nothing from being optimised, which takes half of its start. */
const sparingFlags = ['--interrupt-budget=300000', '--wasm-tiering-budget=2000000000'];

export function spawnService(env: Readonly<Record<string, string>>): ChildProcess {
  return spawn('node', ['--no-warnings', ...sparingFlags, entry, 'serve'], {
    cwd: projectRoot,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A first start makes a database; on a machine that is busy with other tests that has taken twenty seconds. */
const readyWithinMs = 90_000;

/** in_flight, too_many_requests, unavailable. */
const comesAgain: ReadonlySet<number> = new Set([409, 429, 503]);
const attempts = 75;
const gateAttempts = 3;
const attemptEveryMs = 200;

class RunningService implements Service {
  output = '';
  private child: ChildProcess | undefined;
  private isEnding = false;
  /** What it last said of itself, or why it could not be asked. */
  private lastReadiness = 'never asked';
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1024 });

  constructor(
    private readonly home: string,
    private readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
    readonly rulesDir: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  get dataDir(): string {
    return join(this.home, 'data');
  }

  async start(until: 'ready' | 'live' = 'ready'): Promise<void> {
    const child = spawnService(this.env);
    this.child = child;
    this.isEnding = false;
    const keep = (chunk: Buffer): void => {
      this.output = (this.output + chunk.toString()).slice(-200_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const deadline = performance.now() + readyWithinMs;
    while (!(await this.answers(`/${until}z`))) {
      if (hasEnded(child)) throw new Error(`the service ended at start:\n${this.output}`);
      if (performance.now() > deadline)
        throw new Error(`the service did not become ready (${this.lastReadiness}):\n${this.output}`);
      await sleep(25);
    }
  }

  call(method: string, path: string, { body, headers = {} }: CallOptions = {}): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const sent = request({
        host: '127.0.0.1',
        port: this.port,
        method,
        path,
        agent: this.agent,
        headers: {
          authorization: `Bearer ${adminKey}`,
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          ...headers,
        },
      });
      sent.on('error', (error) => {
        // The server closes what was idle for long just when it is used again: nothing of the request has been read then.
        if (sent.reusedSocket && wasReset(error)) resolve(this.call(method, path, { body, headers }));
        else reject(this.hasEndedByItself() ? this.ended(error) : error);
      });
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const came = Buffer.concat(chunks).toString();
          const isJson = /json/.test(response.headers['content-type'] ?? '');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: came === '' ? null : isJson ? JSON.parse(came) : came,
            ms: performance.now() - startedAt,
          });
        });
      });
      sent.end(text);
    });
  }

  /** As a caller does it, who comes again with the same event when told so: a machine may be busy for a moment. */
  async evaluate(event: object): Promise<Decision> {
    for (let attempt = 1; ; attempt++) {
      const { status, body } = await this.call('POST', '/v1/evaluations', { body: event });
      if (status === 200) return body;
      if (attempt === attempts || !comesAgain.has(status)) throw new Error(`${status}: ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, attemptEveryMs));
    }
  }

  /** As a gateway does it, which asks again when nobody could be asked: that may have been a busy moment. */
  async gate({ accountId, apiKeyId }: { accountId?: string; apiKeyId?: string }): Promise<Answer> {
    const headers = {
      ...(accountId === undefined ? {} : { 'x-account-id': accountId }),
      ...(apiKeyId === undefined ? {} : { 'x-api-key-id': apiKeyId }),
    };
    for (let attempt = 1; ; attempt++) {
      const answer = await this.call('GET', '/v1/gate/check', { headers });
      if (answer.body?.degraded !== true || attempt === gateAttempts) return answer;
      await new Promise((resolve) => setTimeout(resolve, attemptEveryMs));
    }
  }

  async stop(): Promise<number | null> {
    await this.end('SIGTERM');
    return this.child?.exitCode ?? null;
  }

  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  async remove(): Promise<void> {
    await this.stop();
    this.agent.destroy();
    // An embedded redis-server ends a moment after a service that was killed.
    await rm(this.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  private hasEndedByItself(): boolean {
    return this.child !== undefined && hasEnded(this.child) && !this.isEnding;
  }

  private ended(cause: Error): Error {
    const { exitCode, signalCode } = this.child ?? {};
    return new Error(`the service has ended (${signalCode ?? exitCode}):\n${this.output.slice(-4000)}`, { cause });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    this.isEnding = true;
    if (child === undefined || hasEnded(child)) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const forced = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(forced);
  }

  private answers(path: string): Promise<boolean> {
    return this.call('GET', path).then(
      ({ status, body }) => {
        this.lastReadiness = `${status} ${JSON.stringify(body)}`;
        return status === 200;
      },
      (error) => {
        this.lastReadiness = String(error);
        return false;
      },
    );
  }
}

const wasReset = (error: Error): boolean => 'code' in error && error.code === 'ECONNRESET';
const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Starts the built service on a free port; embedded stores unless servers are named. Resolves when it is ready. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  await ensureBuilt();
  const home = await mkdtemp(join(tmpdir(), 'portcullis-service-'));
  const rulesDir = options.rulesDir ?? join(home, 'rules');
  if (options.rulesDir === undefined) await writeRules(rulesDir, options.rules ?? trialRules);
  const port = await freePort();
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: join(home, 'data'),
    RULES_DIR: rulesDir,
    BOOTSTRAP_API_KEY: adminKey,
    DATABASE_URL: options.databaseUrl ?? '',
    REDIS_URL: options.redisUrl ?? '',
    LOG_LEVEL: 'warn',
    // Our own connection is all that would be waited for.
    DRAIN_MS: '0',
    ...options.env,
  };
  const service = new RunningService(home, port, env, rulesDir);
  try {
    await service.start();
  } catch (error) {
    await service.remove();
    throw error;
  }
  return service;
}

export async function writeRules(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(dir, { recursive: true });
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(dir, name), text)));
}

/** An event of this account; `more` adds or replaces. */
export function anEvent(accountId: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { account, ...rest } = more;
  return {
    type: 'signup',
    event_id: `evt_${accountId}`,
    ip: '203.0.113.77',
    ...rest,
    account: { id: accountId, ...(typeof account === 'object' ? account : {}) },
  };
}

export const aSignup = (accountId: string, plan: string, more: Readonly<Record<string, unknown>> = {}) =>
  anEvent(accountId, { ...more, account: { plan } });
