import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RequestAborted } from '../../src/http/read-body.js';
import { sendReply } from '../../src/http/reply.js';
import { eventually } from '../support/eventually.js';

const broken: unknown[] = [];
const server = createServer();
afterEach(async () => {
  broken.length = 0;
  server.removeAllListeners('request');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The answer, of which nothing is read yet. */
async function answerOf(pieces: AsyncIterable<string>, method = 'GET'): Promise<IncomingMessage> {
  server.on('request', (_request, response) =>
    sendReply(response, { status: 200, pieces }, { requestId: 'r', close: false, onBroken: (one) => broken.push(one) }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, method }, resolve).on('error', reject);
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return text;
}

const megabyte = 'x'.repeat(1_000_000);
const most = 200;

describe('an answer that is made while it is sent', () => {
  it('arrives whole', async () => {
    async function* pieces() {
      yield '{"a":[';
      yield '1,2';
      yield ']}';
    }
    const answer = await answerOf(pieces());
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(await textOf(answer))).toEqual({ a: [1, 2] });
    expect(broken).toEqual([]);
  });

  it('is made no faster than it is read, and no further once its reader has gone', async () => {
    let made = 0;
    let isLeft = false;
    async function* pieces() {
      try {
        for (; made < most; made++) yield megabyte;
      } finally {
        isLeft = true;
      }
    }
    const answer = await answerOf(pieces());
    await once(answer, 'readable');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(made).toBeLessThan(most / 2);
    answer.destroy();
    await eventually(async () => broken.length > 0);
    expect(broken).toEqual([expect.any(RequestAborted)]);
    expect(isLeft).toBe(true);
    expect(made).toBeLessThan(most);
  });

  it('that fails on the way is cut off, which nobody takes for its end', async () => {
    async function* pieces() {
      yield '{"a":[1';
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Error('the store went away');
    }
    const answer = await answerOf(pieces());
    await expect(textOf(answer)).rejects.toThrow('aborted');
    expect(broken).toEqual([new Error('the store went away')]);
  });

  it('is not made for who asks for its head', async () => {
    let isMade = false;
    async function* pieces() {
      isMade = true;
      yield '{}';
    }
    expect(await textOf(await answerOf(pieces(), 'HEAD'))).toBe('');
    expect(isMade).toBe(false);
  });
});
