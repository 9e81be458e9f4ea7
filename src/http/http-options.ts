import type { IncomingMessage, ServerResponse } from 'node:http';

export interface MountRequest extends IncomingMessage {
  /** Who asks: behind proxies that are believed, whom they name. */
  readonly ip?: string | undefined;
}

/** Another part of the product under its own path, such as the console; it sends its own security headers. */
export interface Mount {
  (request: MountRequest, response: ServerResponse, next: (error?: unknown) => void): void;
  /** Where every path of it takes the same methods: these, such as `GET` and `HEAD`; others are answered 405. */
  readonly methods?: readonly string[];
}

export interface HttpOptions {
  /** An admin key for first use. */
  readonly bootstrapKey?: string | undefined;
  /** For a body to arrive, once its request is being served. */
  readonly bodyTimeoutMs: number;
  /** For headers, and for a whole request, to arrive. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Sessions of the console are sealed with it; the same in every instance. */
  readonly sessionSecret: string;
  /** How many proxies in front of us are believed when they say who asks, or their addresses. */
  readonly trustedProxies: number | readonly string[];
  /** False in a process that only does background work: probes and metrics are all it answers. */
  readonly answersApi: boolean;
  /** Path prefix (`/console`) to handler. */
  readonly mounts: Readonly<Record<string, Mount>>;
}

export const defaultHttpOptions: Omit<HttpOptions, 'sessionSecret'> = {
  bodyTimeoutMs: 10_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  trustedProxies: 0,
  answersApi: true,
  mounts: {},
};
