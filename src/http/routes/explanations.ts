import { z } from 'zod';
import type { DecisionExplanation } from '../../evaluate/explain-decision.js';
import { ok } from '../../model/result.js';
import { storableText } from '../../model/storable-text.js';
import { explanationReply } from '../explanation-schemas.js';
import type { HttpServices } from '../http-services.js';
import { type Route, route } from '../route.js';
import { idParams } from '../schemas.js';

const query = z.strictObject({
  ruleset: z.enum(['then', 'now']).default('then').describe('The rules that decided, or those in use.'),
  rule: storableText(256).optional().describe('One rule only.'),
});

const explanationJson = ({ decision, ...explained }: DecisionExplanation) => ({
  decision: decision.id,
  decided_at: decision.decided_at,
  type: decision.type,
  ...explained,
});

export const explanationRoutes = ({ explain }: HttpServices): Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/decisions/{id}/explanation',
      id: 'explainDecision',
      tag: 'Decisions',
      summary: 'Why each rule fired and why not, with what the decision saw and the rules of then',
      access: ['reviewer'],
      params: idParams,
      query,
      problems: ['not_found', 'invalid'],
      replies: { 200: { description: 'The explanation', schema: explanationReply } },
    },
    async ({ params: { id }, query: { ruleset, rule } }) => {
      const explained = await explain({ id, ruleset, rule });
      return explained.ok ? ok({ status: 200, json: explanationJson(explained.value) }) : explained;
    },
  ),
];
