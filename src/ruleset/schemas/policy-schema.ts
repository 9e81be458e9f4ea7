import { policyLevels } from '../../model/policy.js';
import { families } from '../../model/rule.js';
import { duration, listOf, oneOf, points, type Schema, share, strict, whole } from './schema.js';

const answer = oneOf(['ignore', 'limit', 'hold'], 'What a decision is at least.');
const quota = whole('Requests a day that the gate lets through.', 0);

const probation: Schema = {
  description: 'off, or how long new accounts start limited, and to how much.',
  oneOf: [
    { const: 'off' },
    strict(
      'New accounts start limited; lifted by age where nothing speaks against them.',
      { for: duration('How long.', '24h'), requests_per_day: quota },
      ['for', 'requests_per_day'],
    ),
  ],
};

export const policySchema = (): Schema =>
  strict('How points become an outcome. Once in a rule set; what it leaves out keeps its default.', {
    level: oneOf(policyLevels, 'enforce, or report: everything is judged and recorded, and everybody is admitted.'),
    thresholds: strict('From which score on the outcome is limit, and hold. Points never deny.', {
      limit: points('Accounts are limited from this score on.'),
      hold: points('Accounts are held from this score on.'),
    }),
    family_caps: strict(
      'The most that the rules of one family give together; 100 where a family is not named.',
      Object.fromEntries(families.map((family) => [family, points(`The most that ${family} rules give together.`)])),
    ),
    hold_needs_families: whole('A hold by points needs evidence of this many families.', 1, families.length),
    limit: strict('What a limited account may do.', {
      requests_per_day: quota,
      ring_requests_per_day: whole('Requests a day of all limited members of one ring together.', 0),
    }),
    probation,
    unavailable: strict('What a decision is at least when these could not be had.', {
      velocity: answer,
      ring: answer,
      ip_intel: answer,
    }),
    fail: strict('What happens when stores are away.', {
      store_down: oneOf(['reject'], 'Evaluations are refused while nothing can be recorded.'),
      gate_unknown: oneOf(['deny', 'allow'], 'What the gate says of accounts that it does not know.'),
      gate_max_staleness: duration('How long the gate goes on with what it knew.', '10m'),
    }),
    rescore: listOf(duration('An age.', '1h'), 'The ages at which an account is judged again.'),
    retro_hold: strict('What follows when a live ring rule first holds somebody of a ring.', {
      max_accounts_per_hour: whole('Over all rings; the rest waits its turn.', 0, 10_000_000),
      spare: listOf(oneOf(['verified', 'paid_30d']), 'Who is left alone.'),
      younger_than: duration('Older accounts are left alone.', '30d'),
    }),
    sla: {
      description: 'How long a case may wait for its decision: default, and by the code of its first reason.',
      type: 'object',
      additionalProperties: duration('Until the case is late.', '24h', '4h'),
    },
    cost: strict('What being wrong about an account would cost.', {
      plan: {
        description: 'Points of priority, 0 to 30, that a plan adds to its case. Plans are named as events name them.',
        type: 'object',
        additionalProperties: { description: 'Points of priority.', type: 'number', minimum: 0, maximum: 30 },
      },
    }),
    verification: strict('How held accounts prove themselves.', {
      attempts: whole('Failures of one method in 30 days after which it is not asked for again.', 1, 100),
      expire_after: duration('Unanswered for so long, the case goes back to a person.', '72h'),
      accounts_per_identifier: whole('Most accounts that one phone, document or payment method verifies.', 1, 10_000),
    }),
    four_eyes: strict('What takes a second person.', {
      ring_release: whole('The release of a ring of more accounts than this, by a second senior.', 0, 10_000),
    }),
    budget: strict('How many may be held before somebody should look.', {
      held_share: share('Of all accounts.', '0.5%'),
      over: duration('The time looked back over.', '1d'),
    }),
  });
