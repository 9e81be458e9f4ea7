import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { pooledRandomBytes } from '../../adapters/crypto/random-bytes.js';
import { createSealer } from '../../adapters/crypto/sealer.js';
import type { Instant } from '../../model/time.js';

/** `__Host-`: browsers keep it only when it is Secure, for this host alone, for every path. */
const cookieName = '__Host-portcullis';

/** A working day; then the key is asked for again. */
const sessionMs = 12 * 3_600_000;

export interface Session {
  /** Of this session alone; tells nothing. */
  readonly id: string;
  /** The key behind it. */
  readonly secret: string;
  readonly expiresAt: Instant;
}

export interface SessionCookies {
  /** `Set-Cookie` for a person who has shown this key. */
  open(secret: string, now: Instant): { readonly header: string; readonly expiresAt: Instant };
  /** What the request's cookie carries; undefined without one, after its time, or when it was changed. It may have been ended. */
  sessionOf(headers: IncomingHttpHeaders, now: Instant): Session | undefined;
}

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** `Set-Cookie` that takes the cookie away. */
export const closingCookie = `${cookieName}=; ${attributes}; Max-Age=0`;

/**
 * The session is the key itself, sealed: nothing has to be stored but what was ended early, a revoked key ends its sessions at
 * once, and the browser's scripts can read neither.
 */
export function createSessionCookies(serverSecret: string): SessionCookies {
  const sealer = createSealer(`console-session:${serverSecret}`);
  return {
    open(secret, now) {
      const expiresAt = now + sessionMs;
      const id = pooledRandomBytes(16).toString('base64url');
      const value = sealer.seal(JSON.stringify({ id, secret, expiresAt }));
      return { header: `${cookieName}=${value}; ${attributes}; Max-Age=${sessionMs / 1000}`, expiresAt };
    },
    sessionOf(headers, now) {
      const sealed = cookieValue(headers.cookie);
      const session = sealed === undefined ? undefined : parseSession(sealer.open(sealed));
      return session !== undefined && now < session.expiresAt ? session : undefined;
    },
  };
}

function cookieValue(header: string | undefined): string | undefined {
  const start = `${cookieName}=`;
  const part = header?.split(';').find((one) => one.trimStart().startsWith(start));
  const value = part?.trim().slice(start.length);
  return value === '' ? undefined : value;
}

function parseSession(text: string | undefined): Session | undefined {
  const session = sessionForm.safeParse(text === undefined ? undefined : JSON.parse(text));
  return session.success ? session.data : undefined;
}

const sessionForm = z.object({ id: z.string(), secret: z.string(), expiresAt: z.number() });

/**
 * A request that a browser sends with its cookie is taken only from our own pages. Browsers say where it comes from;
 * whoever says nothing has to name our own origin.
 */
export function isFromOwnPage(headers: IncomingHttpHeaders, method: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (typeof site === 'string') return site === 'same-origin' || (site === 'none' && isRead(method));
  if (isRead(method)) return true;
  return headers.origin !== undefined && hostOf(headers.origin) === headers.host;
}

const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
