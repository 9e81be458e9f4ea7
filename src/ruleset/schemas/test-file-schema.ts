import { accessCauses, accessStates } from '../../model/access.js';
import { eventTypes } from '../../model/event-type.js';
import { evidenceKinds } from '../../model/evidence.js';
import { labels } from '../../model/label.js';
import { outcomes, verificationMethods } from '../../model/rule.js';
import { signalCatalogue } from '../../signals/catalogue.js';
import { defaultsSchema, eventProperties, fieldsSchema } from './event-schema.js';
import { content, duration, listOf, mapOf, oneOf, ref, type Schema, strict, text, whole } from './schema.js';

const time = text('A time such as 2026-05-01T00:00:00Z.', { examples: ['2026-05-01T00:00:00Z'] });
const accountId: Schema = text('The account.');
const repeat = whole('So many alike; {n} counts them from 1.', 1, 5000);

const when: Readonly<Record<string, Schema>> = {
  at: text('A time, or a duration after the clock. Without it: now.', {
    examples: ['2026-05-01T00:10:00Z', '90s', '2h'],
  }),
  after: duration('So long after the step before.', '20s', '1h'),
};

const event: Schema = {
  title: 'event',
  ...strict(
    'An event: its type, and its fields dotted (account.id) or as maps. {n} in a text counts repeats, {a|b} takes turns.',
    {
      type: oneOf(eventTypes, 'The kind of event.'),
      repeat,
      every: duration('The time between repeats.', '20s'),
      ...when,
      ...eventProperties(),
    },
    ['type'],
  ),
};

const step = (name: string, what: Schema, more: Readonly<Record<string, Schema>> = {}): Schema => ({
  title: name,
  ...strict(String(what.description), { [name]: what, 'account.id': accountId, ...when, ...more }, [
    name,
    'account.id',
  ]),
});

const steps: readonly Schema[] = [
  event,
  { title: 'wait', ...strict('Time passes.', { wait: duration('So long.', '1d') }, ['wait']) },
  step('label', oneOf(labels, 'What is learnt of an account.')),
  step('verify', oneOf(verificationMethods, 'A verification of the account.'), {
    result: oneOf(['passed', 'failed'], 'passed if silent.'),
    evidence: strict(
      'What whoever checked it saw: read as `verified.phone` and so on.',
      Object.fromEntries(evidenceKinds.map((kind) => [kind, text(`The ${kind}.`)])),
    ),
  }),
  step('review', oneOf(['hold', 'release', 'deny'], 'What a person decides of the account.')),
];

/** What is given is told by signals and their values. */
const withSignals = (
  description: string,
  more: Readonly<Record<string, Schema>>,
  required: readonly string[],
): Schema =>
  content('inputs', {
    ...strict(
      description,
      {
        ...Object.fromEntries(signalCatalogue.map(({ name, doc, type }) => [name, { description: doc, type }])),
        ...more,
      },
      required,
    ),
  });

const number = (description: string, maximum?: number): Schema => ({
  description,
  type: 'number',
  minimum: 0,
  ...(maximum === undefined ? {} : { maximum }),
});

const baseline = strict('What is usual: `share` or `expected`.', {
  share: number("The key's share of admitted events, 0 to 1.", 1),
  expected: number('So many are expected in the window.'),
  others: number('So many events of other keys in the window.'),
});

const given = (): Schema =>
  strict('What was before the clock.', {
    baseline: content('bursts', mapOf(baseline, 'What is usual, by the name of a burst; `all` for every other one.')),
    labels: listOf(
      withSignals(
        'Accounts that share these signals had this label, just before the clock if silent.',
        {
          label: oneOf(labels, 'What was learnt.'),
          at: time,
          age: duration('So long before the clock.', '30d'),
          repeat,
        },
        ['label'],
      ),
      'What was learnt of accounts, cards, devices.',
    ),
    accounts: listOf(
      withSignals(
        'Accounts in good standing on these signals.',
        { age: duration('How old they are.', '30d'), repeat },
        ['age'],
      ),
      'Who was there before: what trusted features count.',
    ),
    lists: content(
      'lists',
      mapOf({ type: 'array', items: { type: ['string', 'number'] } }, 'Entries that lists have in this test, by name.'),
    ),
    networks: listOf(
      strict(
        'What is known of a range of addresses.',
        {
          range: text('An address range.', { examples: ['203.0.113.0/24'] }),
          asn: whole('The autonomous system that announces it.', 1, 4_294_967_295),
          name: text('Its name.'),
          country: text('Two capitals.', { pattern: '^[A-Z]{2}$' }),
        },
        ['range'],
      ),
      'What is known of addresses.',
    ),
  });

const names = (kind: 'rule' | 'reason', description: string): Schema => {
  const name = content(kind, { type: 'string' });
  return { description, oneOf: [name, { type: 'array', items: name }] };
};

const check: Schema = { type: ['number', 'string'], examples: [40, '>= 40', '30-45'] };

const expectation: Schema = strict(
  'What comes of an event, or of several.',
  {
    event: {
      description: 'Which event, counted from 1, repeats included: 8, 1-7, [1, 3] or all.',
      oneOf: [{ type: ['integer', 'string'] }, { type: 'array', items: { type: ['integer', 'string'] } }],
    },
    fires: names('rule', 'These rules fire, and maybe others.'),
    fired: names('rule', 'Exactly these rules fire.'),
    not_fired: names('rule', 'These rules do not fire: quiet or unknown.'),
    quiet: names('rule', 'The condition of these rules is false.'),
    unknown: names('rule', 'These rules are unknown.'),
    outcome: oneOf(outcomes, 'The outcome of the decision.'),
    score: { description: 'A number or a comparison.', ...check },
    state: oneOf(accessStates, "The account's state at the gate."),
    after: duration('So long after the event `state` is looked at.', '1h', '1d'),
    by: oneOf(accessCauses, 'What brought `state` about.'),
    verify: {
      description: 'What would clear it.',
      oneOf: [oneOf(verificationMethods), { type: 'array', items: oneOf(verificationMethods) }],
    },
    reasons: names('reason', 'The reason codes that are given.'),
    values: content('inputs', {
      description: 'Inputs as the rules saw them: a value, a comparison such as ">= 3", or missing.',
      type: 'object',
      additionalProperties: { type: ['number', 'string', 'boolean', 'null'] },
    }),
  },
  ['event'],
);

/** Sequences of events on a virtual clock, and what is decided on them: tests/*.test.yml. One test, or several. */
export function testFileSchema(): Schema {
  const shared: Readonly<Record<string, Schema>> = {
    clock: { ...time, description: 'The time at which the test begins.' },
    given: ref('before'),
    defaults: ref('defaults'),
  };
  const test: Readonly<Record<string, Schema>> = {
    name: text('What the test shows, in plain words.'),
    ...shared,
    events: { description: 'What happens, in the order of time.', type: 'array', items: ref('step'), minItems: 1 },
    expect: listOf(ref('expectation'), 'What is decided.'),
  };
  const required = ['name', 'events'];
  return {
    ...strict('One test, or several under `tests` that share a clock, what is given and defaults.', {
      ...test,
      tests: listOf(strict('A test.', test, required), 'Several tests; they share no state.'),
    }),
    oneOf: [
      { title: 'one test', required, properties: { tests: false } },
      { title: 'several tests', required: ['tests'], properties: { name: false, events: false, expect: false } },
    ],
  };
}

/** What the schema of tests refers to. */
export const testDefinitions = (): Readonly<Record<string, Schema>> => ({
  before: given(),
  defaults: defaultsSchema(),
  fields: fieldsSchema(),
  step: { description: 'An event, or what else happens: wait, label, verify, review.', oneOf: steps },
  expectation,
});
