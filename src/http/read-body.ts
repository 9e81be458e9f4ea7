import type { IncomingMessage } from 'node:http';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';

export interface BodyLimits {
  readonly maxBytes: number;
  /** From the first read to the last byte. */
  readonly timeoutMs: number;
}

/** The caller went away before the body, or the answer, was complete: nobody is left to answer. */
export class RequestAborted extends Error {
  override readonly name = 'RequestAborted';
}

const tooLarge = (maxBytes: number): Problem => problem('too_large', { detail: `at most ${maxBytes} bytes` });

const tooSlow = (timeoutMs: number): Problem =>
  problem('request_timeout', { detail: `the body did not arrive within ${timeoutMs} ms` });

/** Bounded in bytes and in time, whatever Content-Length claims. After a refusal the rest flows away unread. */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Result<Buffer, Problem>> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limits.maxBytes) return Promise.resolve(err(tooLarge(limits.maxBytes)));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => finish(err(tooSlow(limits.timeoutMs))), limits.timeoutMs);
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limits.maxBytes) finish(err(tooLarge(limits.maxBytes)));
      else chunks.push(chunk);
    };
    const complete = (): void => finish(ok(Buffer.concat(chunks, size)));
    const abort = (): void => {
      stop();
      reject(new RequestAborted('the request ended early'));
    };
    const stop = (): void => {
      clearTimeout(timer);
      request.off('data', take).off('end', complete).off('close', abort).off('error', abort);
      // A late error of the connection has nobody else to listen to it.
      request.on('error', () => undefined);
    };
    const finish = (result: Result<Buffer, Problem>): void => {
      stop();
      resolve(result);
    };
    request.on('data', take).on('end', complete).on('close', abort).on('error', abort);
  });
}
