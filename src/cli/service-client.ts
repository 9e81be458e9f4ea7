import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, readConfig } from '../config.js';
import { type Environment, UsageError } from './command-arguments.js';

/** The service that is running (HOST, PORT), asked with the key of the installation. */
export interface ServiceClient {
  readonly origin: string;
  /** Undefined where the service knows no such thing; anything else that is no answer is told in one line. */
  get(path: string): Promise<unknown>;
}

interface ActingClient extends ServiceClient {
  /** The same, without a body. */
  post(path: string): Promise<unknown>;
}

export async function openServiceClient(environment: Environment): Promise<ActingClient> {
  const read = readConfig(environment);
  if (!read.ok) throw new UsageError(read.lines.join('; '));
  const origin = originOf(read.config);
  const authorization = `Bearer ${await adminKey(read.config)}`;
  const ask = async (method: string, path: string): Promise<unknown> => {
    const init = { method, headers: { authorization }, signal: AbortSignal.timeout(30_000) };
    const response = await fetch(`${origin}${path}`, init).catch(() => {
      throw new UsageError(`no service answers at ${origin}: start it first, or set HOST and PORT`);
    });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.status === 404) return undefined;
    if (response.ok) return body;
    if (response.status === 401) throw new UsageError(wrongKey(read.config, origin));
    throw new UsageError(`the service at ${origin} refused: ${detailOf(body) ?? response.status}`);
  };
  return { origin, get: (path) => ask('GET', path), post: (path) => ask('POST', path) };
}

export const originOf = ({ HOST, PORT }: Config): string => `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;

const detailOf = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : undefined;

/** Read only: a command that looks must not make an installation's secret. */
export async function adminKey({ BOOTSTRAP_API_KEY, DATA_DIR }: Config): Promise<string> {
  if (BOOTSTRAP_API_KEY !== undefined) return BOOTSTRAP_API_KEY;
  const kept = await readFile(join(DATA_DIR, 'secrets', 'bootstrap-key'), 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  throw new UsageError(
    `no API key: set BOOTSTRAP_API_KEY to the one that the service was started with ('${DATA_DIR}' has none of its own)`,
  );
}

/** The service was started with another key than this command has. */
export const wrongKey = ({ BOOTSTRAP_API_KEY, DATA_DIR }: Config, origin: string): string =>
  BOOTSTRAP_API_KEY === undefined
    ? `the service at ${origin} does not know the key in '${DATA_DIR}': set BOOTSTRAP_API_KEY to the one that it was started with`
    : `the service at ${origin} does not know BOOTSTRAP_API_KEY: set it to the one that it was started with`;
