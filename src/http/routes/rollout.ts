import { z } from 'zod';
import { isOnTrial } from '../../evaluate/rule-standing.js';
import { instantText } from '../../model/instant-text.js';
import { problem } from '../../model/problem.js';
import { err } from '../../model/result.js';
import { storableText } from '../../model/storable-text.js';
import type { HttpServices, RuleStandings } from '../http-services.js';
import { answer, none, type Route, route } from '../route.js';
import { candidateJson, evidenceRangeJson, ruleJson } from '../rule-json.js';
import { candidateReply, evidenceRangeReply, fuseResetReply, ruleReply } from '../rule-schemas.js';
import { idParams, listOf } from '../schemas.js';

const dayMs = 86_400_000;

const trialQuery = z.strictObject({
  since: instantText
    .optional()
    .describe('Decisions from this time on; seven days ago when it is not given. Ninety days at most.'),
  rule: storableText(64).optional().describe('This rule, whatever its mode.'),
});

const replyOf = listOf(ruleReply).extend({ evidence: evidenceRangeReply });
const trialReply = replyOf.extend({ candidate: candidateReply });

/** Counts of other instances and of other times come from the ledger, hits of this one from the set in use. */
function rulesJson({ rules }: HttpServices, standings: RuleStandings, now: number) {
  const hits = new Map(rules.current().rules.map((rule) => [rule.info.id, rule.hits]));
  return standings.rules.map((standing) => ruleJson(standing, hits.get(standing.info.id) ?? 0, now));
}

function listRules(services: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/rules',
      id: 'listRules',
      tag: 'Rules',
      summary: 'The rules in use, with what they did on all instances',
      description:
        'Counts are exact and a few seconds old; `unknown` and `nanoseconds` come from a sample. `evidence` is read from the newest 20,000 decisions of the last seven days, as of a minute ago at most.',
      access: ['author', 'reviewer'],
      params: none,
      query: none,
      replies: { 200: { description: 'All rules, on one page', schema: replyOf } },
    },
    async ({ now }) => {
      const standings = await services.standings.current();
      return answer({
        data: rulesJson(services, standings, now),
        next_cursor: null,
        evidence: evidenceRangeJson(standings.report),
      });
    },
  );
}

function rulesOnTrial(services: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/rules/trial',
      id: 'listRulesOnTrial',
      tag: 'Rules',
      summary: 'Rules in shadow, in a roll-out or with a blown fuse, and whether they may count',
      description: 'Evidence is read from the newest 200,000 decisions since the given time.',
      access: ['author'],
      params: none,
      query: trialQuery,
      problems: ['not_found'],
      replies: { 200: { description: 'The rules on trial, on one page', schema: trialReply } },
    },
    async ({ query, now }) => {
      const asked = query.since === undefined ? now - 7 * dayMs : Date.parse(query.since);
      const standings = await services.standings.since(Math.min(Math.max(asked, now - 90 * dayMs), now));
      const wanted = standings.rules.filter((standing) =>
        query.rule === undefined ? isOnTrial(standing) : standing.info.id === query.rule,
      );
      if (query.rule !== undefined && wanted.length === 0)
        return err(problem('not_found', { detail: 'The rule set in use has no such rule.' }));
      return answer({
        data: rulesJson(services, { ...standings, rules: wanted }, now),
        next_cursor: null,
        evidence: evidenceRangeJson(standings.report),
        candidate: candidateJson(services.standings.candidate(), standings.report),
      });
    },
  );
}

function resetFuse(services: HttpServices): Route {
  return route(
    {
      method: 'post',
      path: '/v1/rules/{id}/fuse/reset',
      id: 'resetFuse',
      tag: 'Rules',
      summary: 'Let a rule count again whose fuse has blown',
      description: 'At once here, within some seconds on other instances; recorded in the audit log.',
      access: ['author'],
      params: idParams,
      query: none,
      problems: ['not_found'],
      replies: { 200: { description: 'Whether there was something to reset', schema: fuseResetReply } },
    },
    async ({ params, actor }) => {
      const isKnown = services.rules.current().rules.some(({ info }) => info.id === params.id);
      if (!isKnown) return err(problem('not_found', { detail: 'The rule set in use has no such rule.' }));
      return answer({ rule: params.id, reset: await services.standings.resetFuse(params.id, actor) });
    },
  );
}

export const rolloutRoutes = (services: HttpServices): Route[] => [
  listRules(services),
  rulesOnTrial(services),
  resetFuse(services),
];
