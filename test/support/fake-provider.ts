import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface ProviderCall {
  readonly key: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An HTTP verification service on a free port that answers what the test says, call by call. */
export async function startFakeProvider(
  answer: (call: ProviderCall, count: number) => { status: number; text: string },
) {
  const calls: ProviderCall[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const key = request.headers['idempotency-key'];
    const call = { key: String(key), body: JSON.parse(Buffer.concat(chunks).toString()) };
    calls.push(call);
    const { status, text } = answer(call, calls.filter((one) => one.key === call.key).length);
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  };
  const server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    calls,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
