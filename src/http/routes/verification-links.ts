import { z } from 'zod';
import { problem } from '../../model/problem.js';
import { err, ok } from '../../model/result.js';
import { toIso } from '../../model/time.js';
import type { HttpServices } from '../http-services.js';
import { none, type Route, route } from '../route.js';
import { idParams } from '../schemas.js';

const linkReply = z.strictObject({ url: z.string(), expires_at: z.iso.datetime() });

/** The address of the page where an account's holder completes what is asked for. */
export function verificationLinkRoutes({ verification, decisions }: HttpServices): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/v1/accounts/{id}/verification-link',
        id: 'createVerificationLink',
        tag: 'Accounts',
        summary: 'A link to the page where the held person completes what is asked for',
        description:
          'Good for 7 days, for this account only. Give it to nobody else: whoever has it acts as the person.',
        access: ['integration', 'worker'],
        params: idParams,
        query: none,
        problems: ['not_found'],
        replies: { 201: { description: 'The link', schema: linkReply } },
      },
      async ({ params: { id }, now }) => {
        if ((await decisions.status(id)) === undefined) return err(problem('not_found'));
        const { url, expiresAt } = verification.linkFor(id, now);
        return ok({ status: 201, json: { url, expires_at: toIso(expiresAt) } });
      },
    ),
  ];
}
