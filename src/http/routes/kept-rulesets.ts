import { z } from 'zod';
import { problem } from '../../model/problem.js';
import { err } from '../../model/result.js';
import { toIso } from '../../model/time.js';
import type { HttpServices } from '../http-services.js';
import { answer, none, type Route, route } from '../route.js';
import { idParams } from '../schemas.js';

export const keptRulesetReply = z
  .strictObject({
    hash: z.string(),
    version: z.string(),
    first_used_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().describe('To the hour.'),
    files: z.record(z.string(), z.string()).describe('Texts by path: the rules and lists that decided.'),
  })
  .meta({ id: 'KeptRuleset' });

/** `rules diff` and `rules backtest` load it again, as it was. */
export const keptRulesetRoutes = ({ keptRuleSets }: HttpServices): Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/rulesets/{id}',
      id: 'getKeptRuleset',
      tag: 'Rules',
      summary: 'A rule set that has decided something, by its hash (`sha256:…`), as text',
      access: ['author'],
      params: idParams,
      query: none,
      problems: ['not_found'],
      replies: { 200: { description: 'The rule set', schema: keptRulesetReply } },
    },
    async ({ params: { id } }) => {
      const kept = await keptRuleSets.byHash(id);
      if (kept === undefined) return err(problem('not_found'));
      return answer({
        hash: kept.hash,
        version: kept.version,
        first_used_at: toIso(kept.firstUsedAt),
        last_used_at: toIso(kept.lastUsedAt),
        files: Object.fromEntries(kept.files),
      });
    },
  ),
];
