import { z } from 'zod';
import { toIso } from '../../model/time.js';
import type { HttpServices } from '../http-services.js';
import { answer, bodyRoute, jsonBody, none, type Route, route } from '../route.js';
import { fuseJson } from '../rule-json.js';
import { rulesetReply, rulesReportReply } from '../rule-schemas.js';

/** A whole rule set is bigger than an event. */
const maxRulesetBytes = 1_048_576;

const path = z
  .string()
  .regex(
    /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}$/,
    'expected a path relative to the rules folder, such as "payment/reuse.yml": letters, digits, _ . / and -, the first a letter, a digit or _, nowhere "..", 200 at most',
  );

const validateBody = jsonBody(z.strictObject({ files: z.record(path, z.string().max(262_144)) }), {
  example: { files: { 'payment/reuse.yml': 'rules: []\n' } },
  maxBytes: maxRulesetBytes,
  // Rule files hold thresholds, prefixes and lists; they are neither stored nor logged here.
  cards: { ids: { has: () => true }, phones: { has: () => true } },
});

function currentRuleset({ rules, baselines, standings }: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/rulesets/current',
      id: 'getRuleset',
      tag: 'Rules',
      summary: 'Version, hash and load errors of the rule set, and which bursts are still cold',
      access: ['author', 'reviewer'],
      params: none,
      query: none,
      replies: { 200: { description: 'The rule set', schema: rulesetReply } },
    },
    async () => {
      const { version, hash, level, loadedAt, errors, warnings, rules: all } = rules.current();
      const warmth = await baselines();
      return answer({
        version,
        hash,
        loaded_at: toIso(loadedAt),
        enforced: level === 'enforce',
        fuses_blown: standings.blown().map(fuseJson),
        rules: all.length,
        errors,
        warnings,
        baselines: warmth.map(({ events = null, ...one }) => ({ ...one, events })),
      });
    },
  );
}

function validateRuleset({ rules }: HttpServices): Route {
  return bodyRoute(
    {
      method: 'post',
      path: '/v1/rulesets:validate',
      id: 'validateRuleset',
      tag: 'Rules',
      summary: 'Check rule files without loading them',
      description:
        'Answers what `rules check --json` prints. Of errors and of warnings the first 1000. Files with errors are an answer, not an error; files that take more than 20 seconds to check are one. One set of files is checked after another, 429 when too many wait.',
      access: ['author'],
      params: none,
      query: none,
      body: validateBody,
      problems: ['too_many_requests'],
      replies: { 200: { description: 'What was found', schema: rulesReportReply } },
    },
    async ({ body }) => {
      const report = await rules.validate(body.files);
      if (!report.ok) return report;
      const { ok, errors, warnings } = report.value;
      return answer({ ok, errors, warnings });
    },
  );
}

export const ruleRoutes = (services: HttpServices): Route[] => [currentRuleset(services), validateRuleset(services)];
