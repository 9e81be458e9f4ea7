import { z } from 'zod';
import { problem } from '../../model/problem.js';
import { err } from '../../model/result.js';
import { toIso } from '../../model/time.js';
import type { HttpServices } from '../http-services.js';
import { answer, bodyRoute, jsonBody, none, type Route, route } from '../route.js';
import { idParams } from '../schemas.js';

const keptRulesetReply = z
  .strictObject({
    hash: z.string(),
    version: z.string(),
    first_used_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().describe('To the hour.'),
    files: z.record(z.string(), z.string()).describe('Texts by path: the rules and lists that decided.'),
  })
  .meta({ id: 'KeptRuleset' });

const forgetBody = jsonBody(
  z.strictObject({
    unused_since: z.iso.datetime().describe('Sets last used before this time are forgotten; of the last day none is.'),
  }),
  { example: { unused_since: '2026-05-01T00:00:00.000Z' } },
);

const forgottenReply = z
  .strictObject({
    rule_sets: z.int().min(0),
    files: z.int().min(0).describe('Texts of rules and lists that no other kept set has.'),
  })
  .meta({ id: 'ForgottenRulesets' });

const forgetRulesets = ({ keptRuleSets }: HttpServices): Route =>
  bodyRoute(
    {
      method: 'post',
      path: '/v1/rulesets:forget',
      id: 'forgetRulesets',
      tag: 'Privacy',
      summary: 'Forget rule sets, and the lists in them, that are not in use any more',
      description:
        'What stood in a list file is kept with every rule set that decided something. Decisions stay; those of a forgotten set are no longer explained with the rules of then.',
      access: ['privacy'],
      params: none,
      query: none,
      body: forgetBody,
      replies: { 200: { description: 'How many were forgotten', schema: forgottenReply } },
    },
    async ({ body, actor, now }) => {
      const { ruleSets, files } = await keptRuleSets.forget(Date.parse(body.unused_since), { actor, now });
      return answer({ rule_sets: ruleSets, files });
    },
  );

/** `rules diff` and `rules backtest` load it again, as it was. */
const keptRuleset = ({ keptRuleSets }: HttpServices): Route =>
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
  );

export const keptRulesetRoutes = (services: HttpServices): Route[] => [keptRuleset(services), forgetRulesets(services)];
