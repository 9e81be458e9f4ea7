import { type ClientRequest, request as plainRequest } from 'node:http';
import { type RequestOptions, request as secureRequest } from 'node:https';
import { Webhook } from 'standardwebhooks';
import { type IpAddress, parseIpAddress } from '../../model/ip-address.js';
import { type Instant, toIso } from '../../model/time.js';
import type { DeliveryResult, TakenDelivery } from '../../outbox/webhooks.js';
import { isLoopback, RefusedAddress, type Resolve, resolvePublic } from './resolve-public.js';

interface SendOptions {
  readonly resolve: Resolve;
  /** For development: addresses of this machine, and `http` to them. */
  readonly allowLoopback: boolean;
  /** For looking up, connecting and answering together; 10 s. */
  readonly timeoutMs?: number;
  /** Who signed the receiver's certificate, where that is not one of the usual; for tests. */
  readonly ca?: string | undefined;
}

type SendWebhook = (taken: TakenDelivery, now: Instant) => Promise<DeliveryResult>;

const maxBodyBytes = 65_536;
const failed = (error: string): DeliveryResult => ({ isDelivered: false, status: null, error });

/** Never rejects: what went wrong is a word. */
export function createWebhookSender(options: SendOptions): SendWebhook {
  const { timeoutMs = 10_000 } = options;
  return async (taken, now) => {
    const body = bodyOf(taken);
    if (Buffer.byteLength(body) > maxBodyBytes) return failed('too_large');
    if (taken.secrets.length === 0) return failed('no_secret');
    const over = AbortSignal.timeout(timeoutMs);
    try {
      const url = new URL(taken.url);
      const address = await inTime(resolvePublic(url.hostname, options.resolve, options.allowLoopback), over);
      const isPlain = url.protocol === 'http:';
      if (isPlain && !(options.allowLoopback && isLoopback(address))) return failed('refused_scheme');
      const headers = headersOf(taken, body, now);
      return await post({ url, address, headers, body, over, ca: options.ca });
    } catch (error) {
      return failed(wordOf(error, over));
    }
  };
}

function bodyOf({ delivery }: TakenDelivery): string {
  return JSON.stringify({ type: delivery.event, timestamp: toIso(delivery.createdAt), data: delivery.payload });
}

/** Standard Webhooks: a signature for each secret that is alive, newest first. */
function headersOf({ delivery, secrets }: TakenDelivery, body: string, now: Instant): Record<string, string> {
  const at = new Date(now);
  return {
    'content-type': 'application/json',
    'user-agent': 'portcullis-webhooks',
    'webhook-id': delivery.messageId,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(delivery.messageId, at, body)).join(' '),
  };
}

interface Post {
  readonly url: URL;
  readonly address: IpAddress;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly over: AbortSignal;
  readonly ca: string | undefined;
}

/** Connects to the address that was looked at, whatever the name says by now; a connection of its own, used once. */
function post({ url, address, headers, body, over, ca }: Post): Promise<DeliveryResult> {
  const isPlain = url.protocol === 'http:';
  const isName = parseIpAddress(url.hostname.replace(/^\[|\]$/g, '')) === undefined;
  const options: RequestOptions = {
    method: 'POST',
    host: address.text,
    port: url.port === '' ? (isPlain ? 80 : 443) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body), connection: 'close' },
    agent: false,
    signal: over,
    ...(isName ? { servername: url.hostname } : {}),
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const request: ClientRequest = isPlain ? plainRequest(options) : secureRequest(options);
    request.once('response', (response) => {
      // What it says does not matter, and it may never end.
      response.destroy();
      resolve(resultOf(response.statusCode ?? 0));
    });
    request.once('error', reject);
    request.end(body);
  });
}

function resultOf(status: number): DeliveryResult {
  const isDelivered = status >= 200 && status < 300;
  const isRedirect = status >= 300 && status < 400;
  return { isDelivered, status, error: isDelivered ? null : isRedirect ? 'redirect' : 'status' };
}

/** A name that takes for ever to look up cannot be cut short, but nobody has to wait for it. */
function inTime<T>(work: Promise<T>, over: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    over.addEventListener('abort', () => reject(over.reason), { once: true });
    work.then(resolve, reject);
  });
}

const words: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no_such_name',
  EAI_AGAIN: 'no_such_name',
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_closed',
  EPIPE: 'connection_closed',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
};

/** Errors of TLS have codes of their own, and none of them is worth a guess. */
function wordOf(error: unknown, over: AbortSignal): string {
  if (over.aborted) return 'timeout';
  if (error instanceof RefusedAddress) return 'refused_address';
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return words[code] ?? (/CERT|SSL|TLS|SELF_SIGNED|ALTNAME/.test(code) ? 'bad_certificate' : 'failed');
}
