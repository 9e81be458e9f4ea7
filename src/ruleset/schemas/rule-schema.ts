import { eventTypes } from '../../model/event-type.js';
import { publicReasons } from '../../model/reason.js';
import { families, verificationMethods } from '../../model/rule.js';
import { ruleKeys } from '../read-rule.js';
import { ruleResults } from '../rule-declaration.js';
import {
  content,
  date,
  duration,
  listOf,
  many,
  oneOf,
  points,
  ref,
  type Schema,
  share,
  snippet,
  strict,
  text,
  whole,
} from './schema.js';

const exception = strict(
  'For whom the rule is wrong.',
  {
    when: ref('condition', 'Where this is true the rule does not count.'),
    why: text('Why, in plain words.'),
    owner: content('owner', text('Who asked for it.')),
    until: date('Its last day, in UTC. After it the exception is an error at check, and ignored by a running service.'),
  },
  ['when', 'why', 'owner', 'until'],
);

const test = strict(
  'Values given by hand, and what the rule is to make of them.',
  {
    name: { description: 'What the test shows, in plain words.', type: ['string', 'number', 'boolean'] },
    given: ref('given'),
    expect: oneOf(ruleResults, '`fires` (true), `quiet` (false) or `unknown`.'),
  },
  ['name', 'given', 'expect'],
);

const mode: Schema = {
  description:
    'live counts; shadow is evaluated and recorded, and changes nothing; off is not evaluated; { rollout: 20% } is always the same fifth of the accounts.',
  oneOf: [
    oneOf(['live', 'shadow', 'off']),
    strict('Live for a share of the accounts, always the same ones.', { rollout: share('Of the accounts.', '20%') }, [
      'rollout',
    ]),
  ],
};

const fuse = strict(
  'A rule that fires on too many events goes to shadow by itself, loudly.',
  {
    share: share('Of all events that it looks at.', '5%'),
    min: whole('This many hits are needed before it can blow.', 1),
    over: duration('The time looked back over.', '10m'),
  },
  ['share', 'min', 'over'],
);

const newRule = [
  'id: ‹payment-many-accounts›',
  'family: ‹payment›',
  'on: [‹signup›]',
  'when: ‹accounts_per_card_90d >= 3›',
  'points: ‹20›',
  'reason: ‹payment.reused›',
  'owner: ‹abuse-team›',
  'mode: shadow',
].join('\n');

export const ruleSchema = (): Schema => ({
  ...strict(
    'A named condition with points, family and reason.',
    {
      id: text('Never changes its meaning: decisions refer to it.', {
        pattern: '^[a-z][a-z0-9-]{0,63}$',
        patternErrorMessage: 'small letters, digits and dashes: payment-many-accounts',
      }),
      family: oneOf(
        families,
        'Kind of evidence. Points are capped for each family; a hold by points needs two of them.',
      ),
      on: many(oneOf(eventTypes), 'The events it looks at.'),
      when: ref('condition', 'The rule fires where this is true; where something it needs is missing it is unknown.'),
      points: content('points', {
        description:
          'A number, or an expression that gives one: min(30, 9 * log2(accounts_per_card_90d)). Negative speaks for the account.',
        type: ['number', 'string'],
        examples: [20, 'min(30, 9 * log2(accounts_per_card_90d))'],
      }),
      points_max: points('Upper bound of graded points; 100 if silent.'),
      at_least: oneOf(['limit', 'hold', 'deny'], 'The outcome is at least this, whatever the score.'),
      at_most: oneOf(
        ['allow', 'limit'],
        'The outcome is at most this where the rule fires, whatever else does: an allow-list.',
      ),
      verify: many(oneOf(verificationMethods), 'What would clear it.'),
      reason: content('reason', text('A code from reasons.yml.')),
      title: content('title', text('Plain words; {name} shows an input. Identifiers cannot be shown.')),
      owner: content('owner', text('The team that answers for it.')),
      mode,
      except: listOf(exception, 'For whom the rule is wrong, why, who asked for it, and until when.'),
      fuse,
      tests: listOf(test, 'A live rule has one test that fires and one that does not.'),
    },
    ruleKeys.required,
  ),
  defaultSnippets: [{ label: 'rule', description: 'A rule in shadow.', bodyText: snippet(newRule) }],
});

export const reasonSchema = (): Schema =>
  strict(
    'What a rule may give as its reason.',
    {
      title: text('Plain words, shown where the rule has no title of its own.'),
      public: oneOf(publicReasons, 'What the person concerned is told: coarse, so that it coaches nobody.'),
    },
    ['title', 'public'],
  );
