import type { Evaluation } from '../../evaluate/evaluator.js';
import type { Event } from '../../model/event.js';
import { parseEvent } from '../../model/parse-event.js';
import type { Problem } from '../../model/problem.js';
import { ok, type Result } from '../../model/result.js';
import { exampleDecision, exampleEvent } from '../examples.js';
import type { HttpServices } from '../http-services.js';
import { answer, type BodySpec, bodyRoute, none, type Route } from '../route.js';
import { decisionReply, eventBodySchema } from '../schemas.js';

const eventBody: BodySpec<Event> = { schema: eventBodySchema, example: exampleEvent, parse: parseEvent };

function count(metrics: HttpServices['metrics'], event: Event, result: Result<Evaluation, Problem>): void {
  if (!result.ok) metrics.evaluationRefusals.inc({ code: result.error.code });
  else if (result.value.replayed) metrics.evaluationReplays.inc();
  else {
    metrics.evaluations.inc({ type: event.type, outcome: result.value.decision.outcome });
    for (const reason of result.value.decision.degraded) metrics.degraded.inc({ reason });
  }
}

function evaluate({ evaluator, metrics }: HttpServices): Route {
  return bodyRoute(
    {
      method: 'post',
      path: '/v1/evaluations',
      id: 'evaluate',
      tag: 'Evaluations',
      summary: 'Decide about an event',
      description:
        'A hold is an answer, not an error. `event_id` is the idempotency key: the same event gives the same stored ' +
        'decision, with `Idempotency-Replayed: true`. An object that has a key twice is 400 `malformed_json`: the next ' +
        'reader of the same body might take the other value.\n\n' +
        'Card numbers are refused wherever they stand, keys included: 13 to 19 digits that pass Luhn, in one run or in ' +
        'groups with spaces or dashes of any script, invisible characters left out. Not looked at: `event_id`, `account.id`, ' +
        '`api_key.id`, `device.ja4`, `user_agent`; `phone.number` while it is E.164 with its plus sign; UUIDs and hexadecimal ' +
        'digests anywhere. The fingerprints of device and payment are refused where the whole of one is a card number.',
      access: ['integration'],
      params: none,
      query: none,
      body: eventBody,
      bounded: true,
      frequent: true,
      problems: ['idempotency_mismatch', 'in_flight', 'card_number_rejected', 'too_many_requests', 'unavailable'],
      replies: {
        200: {
          description: 'The decision, committed',
          schema: decisionReply,
          example: exampleDecision,
          headers: { 'Idempotency-Replayed': '`true` when the event had been decided before' },
        },
      },
    },
    async ({ body }) => {
      const end = metrics.evaluationSeconds.startTimer({ type: body.type });
      const result = await evaluator.evaluate(body);
      end();
      count(metrics, body, result);
      if (!result.ok) return result;
      const { decision, replayed } = result.value;
      return ok({ status: 200, json: decision, ...(replayed ? { headers: { 'Idempotency-Replayed': 'true' } } : {}) });
    },
  );
}

function simulate({ evaluator }: HttpServices): Route {
  return bodyRoute(
    {
      method: 'post',
      path: '/v1/evaluations:simulate',
      id: 'simulate',
      tag: 'Evaluations',
      summary: 'What would be decided: reads only, nothing is counted or stored',
      access: ['author'],
      params: none,
      query: none,
      body: eventBody,
      bounded: true,
      problems: ['card_number_rejected', 'unavailable'],
      replies: {
        200: { description: 'The decision it would be', schema: decisionReply, example: exampleDecision },
      },
    },
    async ({ body }) => {
      const result = await evaluator.simulate(body);
      return result.ok ? answer(result.value) : result;
    },
  );
}

export const evaluationRoutes = (services: HttpServices): Route[] => [evaluate(services), simulate(services)];
