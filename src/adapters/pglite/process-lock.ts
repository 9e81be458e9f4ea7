import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ProcessLock {
  release(): Promise<void>;
}

/** Linux and Windows free these names by themselves when a process dies, however it dies. */
function addressOf(dir: string): string {
  const name = `portcullis-${createHash('sha256').update(dir).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

async function tryListen(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  const listening = once(server, 'listening');
  server.listen({ path });
  try {
    await listening;
    return server.unref();
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

/** True when a process listens there; a socket file that outlived its process refuses. */
async function isAlive(path: string): Promise<boolean> {
  const socket = connect({ path });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Keeps a second process (and a second opening here) out of `dir`. Rejects when it is taken. */
export async function lockFolder(dir: string): Promise<ProcessLock> {
  const path = addressOf(await realpath(dir));
  let server = await tryListen(path);
  if (server === undefined && !path.startsWith('\0') && !(await isAlive(path))) {
    await rm(path, { force: true });
    server = await tryListen(path);
  }
  if (server === undefined) throw new Error(`the database in ${dir} is open in another process`);
  const held = server;
  return { release: () => new Promise((resolve) => held.close(() => resolve())) };
}
