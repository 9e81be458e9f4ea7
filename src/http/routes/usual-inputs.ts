import { z } from 'zod';
import type { StoredDecision } from '../../decisions/decision-log.js';
import { type UsualInput, usualInputs } from '../../decisions/usual-inputs.js';
import { own } from '../../model/own.js';
import { problem } from '../../model/problem.js';
import { err } from '../../model/result.js';
import { toIso } from '../../model/time.js';
import type { Value } from '../../model/value.js';
import type { HttpServices } from '../http-services.js';
import { answer, none, type Route, route } from '../route.js';
import { idParams } from '../schemas.js';

/** Enough to tell one in a hundred; read in some hundredths of a second. */
const compared = 500;

const usualReply = z
  .strictObject({
    admitted: z.number().int().describe('Decisions compared with: the latest `allow` whose accounts are admitted.'),
    since: z.string().nullable().describe('When the oldest of them was made.'),
    inputs: z.array(
      z.strictObject({
        name: z.string(),
        value: z.union([z.string(), z.number(), z.boolean()]).describe('What the decision saw; identifiers hashed.'),
        known: z.number().int().describe('Decisions in which it had a value.'),
        same: z.number().int().describe('Of those, with this very value.'),
        range: z
          .strictObject({
            low: z.number().describe('A twentieth has this much or less.'),
            median: z.number(),
            high: z.number().describe('A twentieth has more.'),
            at_least: z.number().int().describe('Decisions with as much as the decision saw, or more.'),
          })
          .nullable()
          .describe('Numbers only.'),
      }),
    ),
  })
  .meta({ id: 'UsualInputs' });

/** What the reasons say that the rules read. */
function evidenceOf({ decision, inputs }: StoredDecision): readonly (readonly [string, Value])[] {
  const names = new Set(decision.reasons.flatMap(({ evidence }) => Object.keys(evidence)));
  return [...names].flatMap((name) => {
    const value = own(inputs, name);
    return value === undefined ? [] : [[name, value] as const];
  });
}

const inputJson = ({ range, ...input }: UsualInput) => {
  if (range === null) return { ...input, range };
  const { atLeast, ...rest } = range;
  return { ...input, range: { ...rest, at_least: atLeast } };
};

export const usualInputRoutes = ({ decisions, admitted }: HttpServices): Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/decisions/{id}/usual',
      id: 'getUsualInputs',
      tag: 'Decisions',
      summary: 'What is usual: the inputs of its reasons beside those of the latest people let in before it',
      access: ['reviewer'],
      params: idParams,
      query: none,
      problems: ['not_found'],
      replies: { 200: { description: 'Each input of the reasons, in their order', schema: usualReply } },
    },
    async ({ params: { id } }) => {
      const found = await decisions.byId(id);
      if (found === undefined) return err(problem('not_found'));
      const { type, decided_at } = found.decision;
      const evidence = evidenceOf(found);
      const names = evidence.map(([name]) => name);
      const sample = await admitted.latest({ type, before: Date.parse(decided_at), names, limit: compared });
      const oldest = sample.at(-1);
      return answer({
        admitted: sample.length,
        since: oldest === undefined ? null : toIso(oldest.decidedAt),
        inputs: usualInputs(evidence, sample).map(inputJson),
      });
    },
  ),
];
