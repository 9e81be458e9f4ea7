import { z } from 'zod';
import type { ClosedSessions } from '../../model/closed-sessions.js';
import { problem } from '../../model/problem.js';
import { err, ok } from '../../model/result.js';
import { serviceRoles } from '../../model/service-key.js';
import type { Authenticate } from '../authenticate.js';
import { closingCookie, type SessionCookies } from '../console/session-cookie.js';
import { answer, bodyRoute, jsonBody, none, type Route, route } from '../route.js';

export interface SessionParts {
  readonly cookies: SessionCookies;
  readonly authenticate: Authenticate;
  readonly closed: Pick<ClosedSessions, 'close'>;
}

const openBody = jsonBody(z.strictObject({ key: z.string().min(1).max(256) }), {
  example: { key: 'pk_reviewer_…' },
  cards: { ids: new Set(['/key']), phones: new Set<string>() },
});

const sessionReply = z.strictObject({ key_id: z.string(), role: z.enum(serviceRoles) });

const common = { path: '/v1/session', tag: 'Console', params: none, query: none } as const;

/** How a browser signs in to the console: with a key, once; its cookie carries the key sealed. */
export function sessionRoutes({ cookies, authenticate, closed }: SessionParts): Route[] {
  const open = bodyRoute(
    {
      ...common,
      method: 'post',
      id: 'openSession',
      summary: 'Sign a browser in with a key',
      description: 'Answers with a cookie that ends after 12 hours, or with the key.',
      access: 'public',
      body: openBody,
      problems: ['unauthenticated', 'unavailable'],
      replies: { 200: { description: 'Who is signed in', schema: sessionReply } },
    },
    async ({ body, now }) => {
      const caller = await authenticate(body.key);
      if (caller === undefined) return err(problem('unauthenticated', { detail: 'this key is not known here' }));
      const headers = { 'Set-Cookie': cookies.open(body.key, now).header };
      return ok({ status: 200, json: { key_id: caller.keyId, role: caller.role }, headers });
    },
  );
  const read = route(
    {
      ...common,
      method: 'get',
      id: 'getSession',
      summary: 'Who is signed in',
      access: serviceRoles,
      replies: { 200: { description: 'The key that the session stands for', schema: sessionReply } },
    },
    ({ actor, role }) => answer({ key_id: actor, role }),
  );
  const close = route(
    {
      ...common,
      method: 'delete',
      id: 'closeSession',
      summary: 'Sign the browser out',
      description:
        'Ends the session itself and the live streams opened with it: a copy of its cookie is good for nothing any more, on other instances within seconds. 503: it goes on, and its cookie stays.',
      access: 'public',
      problems: ['unavailable'],
      replies: { 204: { description: 'Signed out' } },
    },
    async ({ headers, now }) => {
      const session = cookies.sessionOf(headers, now);
      if (session !== undefined) await closed.close(session.id, session.expiresAt);
      return ok({ status: 204, headers: { 'Set-Cookie': closingCookie } });
    },
  );
  return [open, read, close];
}
