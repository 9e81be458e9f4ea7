import { once } from 'node:events';
import { createServer } from 'node:net';
import { z } from 'zod';
import type { Config } from '../../config.js';
import { own } from '../../model/own.js';
import { type Finding, fail, good, reasonOf } from './finding.js';

const patienceMs = 3000;
const readiness = z.object({ status: z.string(), checks: z.record(z.string(), z.string()).optional() });
/** Whoever listens everywhere is asked here. */
const askedAt: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Free, or our own service's. */
export async function checkPort({ HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): Promise<Finding> {
  if (PORT === 0) return good('port', 'any free one');
  const refused = await tryListening(HOST, PORT);
  if (refused === undefined) return good('port', `${HOST}, port ${PORT}: free`);
  if (/EADDRINUSE/.test(refused)) return askService(HOST, PORT);
  return fail('port', `nobody can listen at ${HOST}, port ${PORT} (${refused})`, 'set HOST and PORT');
}

/** Why not; undefined where it can be done. */
async function tryListening(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    const listening = once(server, 'listening');
    server.listen(port, host);
    await listening;
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    server.close();
  }
}

async function askService(host: string, port: number): Promise<Finding> {
  const at = own(askedAt, host) ?? host;
  const origin = `http://${at.includes(':') ? `[${at}]` : at}:${port}`;
  const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(patienceMs) }).catch(() => undefined);
  const body = readiness.safeParse(await response?.json().catch(() => undefined));
  if (response?.ok === true && body.success)
    return good('port', `the service answers at ${origin}: ${body.data.status}`);
  if (response?.status === 503)
    return fail('port', `the service at ${origin} is not ready`, `${origin}/readyz tells what is missing`);
  return fail('port', `port ${port} on ${host} is taken by another program`, 'set PORT, or end it');
}
