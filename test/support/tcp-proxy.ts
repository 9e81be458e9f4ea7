import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** What goes from the server to its clients comes this much later, ms. */
  delay(ms: number): void;
  /** Connections that exist stay open, and nothing comes through them any more; new ones are as usual. */
  loseOpen(): void;
  /** Nothing comes through any connection, new ones included; `revive` lets new ones through again. */
  silence(): void;
  revive(): void;
  stop(): Promise<void>;
}

/** Stands between a client and a server on loopback, as networks do. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let delayMs = 0;
  let generation = 0;
  let isSilent = false;
  const server = createServer((client) => {
    const born = generation;
    const isLost = (): boolean => isSilent || born !== generation;
    const target = connect(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => {
      if (!isLost()) target.write(chunk);
    });
    target.on('data', (chunk) => {
      const pass = (): void => {
        if (!isLost() && !client.destroyed) client.write(chunk);
      };
      if (delayMs === 0) pass();
      else setTimeout(pass, delayMs);
    });
    client.on('close', () => target.destroy());
    target.on('close', () => {
      if (!isLost()) client.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    delay(ms) {
      delayMs = ms;
    },
    loseOpen() {
      generation += 1;
    },
    silence() {
      isSilent = true;
    },
    revive() {
      isSilent = false;
      generation += 1;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
