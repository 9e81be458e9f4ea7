import { connect } from 'node:net';

export interface RedisAddress {
  readonly port: number;
  readonly password: string;
}

/** Sends inline commands after AUTH and gives what came back; undefined when nobody answers in time. */
export function askRedis({ port, password }: RedisAddress, command: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let said = '';
    const finish = (answer: string | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => finish(undefined));
    socket.on('error', () => finish(undefined));
    socket.on('close', () => finish(said === '' ? undefined : said));
    socket.on('data', (chunk) => {
      said += chunk.toString();
      if (said.split('\r\n').length > 2) finish(said);
    });
    socket.write(`AUTH ${password}\r\n${command}\r\n`);
  });
}

/** True once the server has loaded its files and takes our password. */
export const isServing = async (address: RedisAddress): Promise<boolean> =>
  (await askRedis(address, 'PING'))?.includes('+PONG') === true;
