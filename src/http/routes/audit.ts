import { z } from 'zod';
import { headForm, parseHead } from '../../audit/audit-chain.js';
import { instantText } from '../../model/instant-text.js';
import { storableText } from '../../model/storable-text.js';
import { toIso } from '../../model/time.js';
import type { HttpServices } from '../http-services.js';
import { auditEntryReply, auditReportReply } from '../integration-schemas.js';
import { answer, none, type Route, route } from '../route.js';
import { listOf, pageQuery } from '../schemas.js';

const word = storableText(256);

const auditQuery = z.strictObject({
  subject: word.describe('An account, a case, a ring, a rule, a list, an endpoint.').optional(),
  actor: word.describe('Id of a key, or `system`.').optional(),
  kind: word.describe('`case.decided`; `case.` for all that begin so.').optional(),
  since: instantText.optional(),
  until: instantText.optional(),
  limit: pageQuery.limit,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .describe('`next_cursor` of the page before.'),
});

const at = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));

const verificationQuery = z.strictObject({
  head: z
    .string()
    .regex(headForm, 'expected COUNT:LINK')
    .optional()
    .describe('`COUNT:LINK`, as an earlier answer or the log has told it: the end is compared with it too.'),
});

export const auditRoutes = ({ audit, verifyAudit }: HttpServices): Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/audit',
      id: 'listAudit',
      tag: 'Audit',
      summary: 'Who did what, newest first',
      access: ['privacy', 'senior'],
      params: none,
      query: auditQuery,
      replies: { 200: { description: 'A page', schema: listOf(auditEntryReply) } },
    },
    async ({ query: { limit, cursor, since, until, ...filter } }) => {
      const before = cursor === undefined ? undefined : Number(cursor);
      const found = await audit.page({ ...filter, since: at(since), until: at(until), before, limit: limit + 1 });
      const page = found.slice(0, limit);
      const next = found.length > limit ? (page.at(-1)?.seq ?? null) : null;
      const data = page.map((entry) => ({ ...entry, at: toIso(entry.at) }));
      return answer({ data, next_cursor: next === null ? null : String(next) });
    },
  ),
  route(
    {
      method: 'get',
      path: '/v1/audit/verification',
      id: 'verifyAudit',
      tag: 'Audit',
      summary: 'Has anybody tampered with the audit trail?',
      description:
        'Reads all of it. Finds rows that were changed, deleted, moved or added, and an end that was cut off.',
      access: [],
      params: none,
      query: verificationQuery,
      replies: { 200: { description: 'What was found', schema: auditReportReply } },
    },
    async ({ query: { head } }) => {
      const { comparedWith, ...report } = await verifyAudit(head === undefined ? undefined : parseHead(head));
      return answer({ ...report, compared_with: comparedWith });
    },
  ),
];
