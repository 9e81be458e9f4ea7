import { describe, expect, it } from '@jest/globals';
import { failureText } from '../../../src/cli/rules-test-text.js';
import { sequenceRules, trySequences } from '../../support/sequences.js';

const reportsOf = async (text: string, rules?: string) =>
  (await trySequences(text, rules)).runs.map(({ report }) => report);
const failuresOf = async (text: string, rules?: string) =>
  (await reportsOf(text, rules))
    .flatMap(({ diff }) => diff?.events ?? [])
    .flatMap(({ event, differences }) =>
      differences.map(({ what, name, expected, got }) => ({ event, what, ...(name && { name }), expected, got })),
    );
/** Passes when nothing differs, and shows what does. */
const passes = async (text: string) => expect(await failuresOf(text)).toEqual([]);

const signup = (more: string): string => `{ type: signup, ip: 203.0.113.4, ${more} }`;

describe('a sequence test', () => {
  it('reads the example of the specification as it stands there', async () => {
    await passes(`name: burst from one /24 fires on the 8th
clock: 2026-05-01T00:00:00Z
given: { baseline: { template_burst: { share: 0.0004 } }, labels: [ { payment.fingerprint: fp1, label: fraud } ] }
events:
  - { repeat: 9, every: 20s, type: signup, account.id: "a{n}", email.address: "u{n}@ex{n}.com", ip: "203.0.113.{n}" }
expect:
  - { event: 7, quiet: [velocity-prefix-burst] }
  - { event: 8, fires: [velocity-prefix-burst], outcome: limit }       # \`fired:\` instead = the exact set
`);
  });

  it('gives every test of a file a world of its own', async () => {
    const one = `events: [${signup('account.id: a, payment.fingerprint: c')}]\n    expect: [{ event: 1, values: { accounts_per_card_90d: 1 } }]`;
    const reports = await reportsOf(`tests:\n  - name: first\n    ${one}\n  - name: second\n    ${one}\n`);
    expect(reports.map(({ name, line, ok }) => ({ name, line, ok }))).toEqual([
      { name: 'first', line: 2, ok: true },
      { name: 'second', line: 5, ok: true },
    ]);
  });

  it('numbers events as they are written and plays them in the order of time', async () => {
    await passes(`name: interleaved
events:
  - { repeat: 3, every: 10m, type: signup, account.id: "a{n}", ip: "203.0.113.{n}", payment.fingerprint: c1 }
  - { repeat: 3, every: 10m, at: 5m, type: signup, account.id: "b{n}", ip: "203.0.113.{n+100}", payment.fingerprint: c1 }
expect:
  - { event: 2, values: { accounts_per_card_90d: 3 } }
  - { event: 6, values: { accounts_per_card_90d: 6 } }
`);
  });

  it('fills in the number of the repetition, padded, shifted, or as a choice', async () => {
    const { runs } = await trySequences(
      `name: templates\nevents:\n  - { repeat: 3, type: signup, account.id: "{x|yy}{n:03}", ip: "203.0.113.{n+20}", custom: { deep: ["{n+1:02}", 4, null] } }\n`,
    );
    const events = [...(runs[0]?.played.events.values() ?? [])].map(({ event }) => event);
    expect(events.map(({ account }) => account.id)).toEqual(['x001', 'yy002', 'x003']);
    expect(events.map(({ ip }) => ip)).toEqual(['203.0.113.21', '203.0.113.22', '203.0.113.23']);
    expect(events[2]?.custom).toEqual({ deep: ['04', 4, null] });
  });

  it('waits, and lets windows run out meanwhile', async () => {
    await passes(`name: windows
events:
  - { repeat: 8, type: signup, account.id: "a{n}", ip: 203.0.113.4 }
  - { wait: 10m }
  - { type: signup, account.id: b, ip: 203.0.113.4 }
expect:
  - { event: 8, fires: [velocity-prefix-burst], values: { signups_per_prefix_10m: 8 } }
  - { event: 9, quiet: [velocity-prefix-burst], values: { signups_per_prefix_10m: 1 } }
`);
  });

  it('counts an event that says it happened earlier at its own time', async () => {
    await passes(`name: late
clock: 2026-05-01T00:00:00Z
events:
  - ${signup('account.id: a')}
  - ${signup('after: 1h, account.id: b, occurred_at: "2026-05-01T00:05:00Z"')}
expect:
  - { event: 2, values: { signups_per_prefix_10m: 2 } }
`);
  });

  it('decides the same event once, however often it comes', async () => {
    await passes(`name: again
events:
  - { repeat: 9, every: 1s, type: signup, event_id: e, occurred_at: "2026-01-01T00:00:00Z", account.id: a, ip: 203.0.113.4 }
expect:
  - { event: 9, quiet: [velocity-prefix-burst], values: { signups_per_prefix_10m: 1 } }
`);
  });

  it('takes fields from the defaults of the file and of the test, by type where they say so', async () => {
    await passes(`defaults: { ip: 203.0.113.4, signup: { email.address: x@gmail.com } }
tests:
  - name: all
    defaults: { account: { id: one, plan: gift } }
    clock: 2026-05-01T00:00:00Z
    events:
      - { type: signup }
      - { type: api_key_created, api_key.id: k, after: 1m }
    expect:
      - { event: 1, values: { email.domain: gmail.com, account.plan: gift }, not_fired: [email-free] }
      - { event: 2, fired: [], outcome: allow }
`);
  });
});

describe('what is given', () => {
  it('makes bursts known: the share of all keys, or what is expected', async () => {
    const burst = (given: string, expected: string) =>
      passes(
        `name: a burst\ngiven: { baseline: { ${given} } }\nevents:\n  - { repeat: 8, type: signup, account.id: "a{n}", email.address: "u{n}@x.example", ip: 203.0.113.4 }\nexpect: [{ event: 8, ${expected} }]\n`,
      );
    await burst(
      'template_burst: { share: 0.01 }',
      'values: { template_burst.expected: 0.08, template_burst.count: 8 }',
    );
    await burst(
      'all: { share: 0.01, others: 1992 }',
      'values: { template_burst.expected: 20, template_burst.ratio: 0.4 }',
    );
    await burst(
      'template_burst: { expected: 4, others: 500 }',
      'values: { template_burst.expected: 4, template_burst.ratio: 2 }',
    );
    await burst('', 'unknown: [velocity-template-burst], values: { template_burst.z: missing }');
  });

  it('counts labels on keys, until they run out of the window', async () => {
    const labelled = (age: string, expected: string) =>
      passes(
        `name: label\ngiven: { labels: [{ payment.fingerprint: c, label: fraud, repeat: 2${age} }] }\nevents: [${signup('account.id: a, payment.fingerprint: c')}]\nexpect: [{ event: 1, ${expected} }]\n`,
      );
    await labelled(
      '',
      'fires: payment-fraud, outcome: hold, values: { card_fraud_180d: 2, accounts_per_card_90d: 1 }, verify: [payment], reasons: payment.reused',
    );
    await labelled(', age: 179d', 'fires: payment-fraud');
    await labelled(', age: 181d', 'quiet: payment-fraud, verify: []');
  });

  it('labels an account before it is seen', async () => {
    await passes(`name: known account
given: { labels: [{ account.id: a, label: fraud }] }
events:
  - ${signup('account.id: a, payment.fingerprint: c')}
  - ${signup('account.id: b, payment.fingerprint: c')}
expect: [{ event: 2, fires: [payment-fraud] }]
`);
  });

  it('knows accounts in good standing, older than asked or not', async () => {
    const trusted = (age: string, expected: number) =>
      passes(
        `name: trust\ngiven: { accounts: [{ payment.fingerprint: c, age: ${age}, repeat: 3 }] }\nevents: [${signup('account.id: a, payment.fingerprint: c')}]\nexpect: [{ event: 1, values: { trusted_per_card: ${expected} } }]\n`,
      );
    await trusted('8d', 3);
    await trusted('6d', 0);
  });

  it('adds entries to lists and networks to the IP data, for this test alone', async () => {
    await passes(`tests:
  - name: listed
    given:
      lists: { burned: [stolen-2] }
      networks: [{ range: 203.0.113.0/24, asn: 64500, name: Example, country: NL }, { range: 203.0.113.9/32, asn: 64501 }]
    events:
      - ${signup('account.id: a, payment.fingerprint: stolen-2')}
      - ${signup('account.id: b, payment.fingerprint: stolen-1')}
      - { type: signup, account.id: c, ip: 203.0.113.9 }
    expect:
      - { event: 1-2, fires: [payment-listed, network-far] }
      - { event: 3, not_fired: [network-far], unknown: [payment-listed], values: { ip.asn: 64501 } }
  - name: a list that the engine reads and the rules have no file of
    given: { lists: { vpn: [203.0.113.0/28], hosting_asns: [] } }
    events:
      - ${signup('account.id: a')}
      - { type: signup, account.id: b, ip: 203.0.113.99 }
    expect:
      - { event: 1, values: { ip.is_vpn: true, ip.kind: vpn } }
      - { event: 2, values: { ip.is_vpn: false } }
  - name: not listed
    events: [${signup('account.id: a, payment.fingerprint: stolen-2')}]
    expect: [{ event: 1, quiet: [payment-listed], values: { ip.asn: missing } }]
`);
  });
});

describe('what comes of it', () => {
  it('is the state when all that is due is done, or some time after the event', async () => {
    await passes(`name: states
events:
  - ${signup('account.id: a, payment.fingerprint: c')}
  - { label: fraud, account.id: a, after: 1h }
  - ${signup('after: 1h, account.id: b, payment.fingerprint: c')}
  - { review: release, account: { id: b }, after: 10m }
  - { type: payment_method_added, account.id: b, after: 10m, payment.fingerprint: d }
expect:
  - { event: 1, after: 0s, state: admitted }
  - { event: 1, after: 59m, state: admitted, by: decision }
  - { event: 1, after: 1h, state: held, by: label }
  - { event: 1, state: held }
  - { event: 2, fired: [payment-fraud], state: held, after: 9m }
  - { event: [2, 3], state: admitted, by: manual }
`);
  });

  it('lets a passed verification lift a hold, and a failed one not', async () => {
    const verified = (result: string, state: string) =>
      passes(
        `name: verify\ngiven: { labels: [{ payment.fingerprint: c, label: fraud }] }\nevents:\n  - ${signup('account.id: a, payment.fingerprint: c')}\n  - { verify: payment, account.id: a, after: 5m, result: ${result} }\nexpect: [{ event: 1, outcome: hold, state: ${state} }]\n`,
      );
    await verified('passed', 'admitted');
    await verified('failed', 'held');
  });

  it('holds earlier members of a ring that is found out', async () => {
    await passes(`name: ring
events:
  - { repeat: 5, every: 10m, type: signup, account.id: "a{n}", ip: "203.0.{n}.4", payment.fingerprint: c }
expect:
  - { event: 1-4, not_fired: [ring-five], outcome: allow, after: 9m, state: admitted }
  - { event: 1-4, state: held, by: retro_hold }
  - { event: 5, fires: [ring-five], outcome: hold }
`);
  });

  it('takes shadow rules for firing, and not for part of the exact set', async () => {
    await passes(`name: shadow
events: [${signup('account.id: a, email.address: x@gmail.com')}]
expect:
  - { event: 1, fires: [shadow-free-mail, email-free], score: 7 }
  - { event: 1, fired: [email-free] }
`);
  });

  it('ends exceptions on the virtual clock, with their last day', async () => {
    const on = (clock: string, expected: string) =>
      passes(
        `name: sale\nclock: ${clock}\nevents: [${signup('account: { id: a, plan: gift }, email.address: x@gmail.com')}]\nexpect: [{ event: 1, ${expected}: [email-free] }]\n`,
      );
    await on('2027-06-01T23:59:59Z', 'quiet');
    await on('2027-06-02T00:00:00Z', 'fires');
  });
});

describe('a difference', () => {
  it('is told rule by rule with what decided it and the smallest change', async () => {
    const [report] = await reportsOf(`name: wrong
events:
  - { repeat: 7, type: signup, account.id: "a{n}", ip: 203.0.113.4, email.address: "u{n}@gmail.com" }
expect:
  - { event: 7, fired: [velocity-prefix-burst, payment-many], outcome: limit, score: ">= 30", state: held, reasons: payment.reused, values: { signups_per_prefix_10m: 8 } }
`);
    expect(report?.ok).toBe(false);
    const text = report === undefined ? '' : failureText(report);
    expect(text).toBe(
      [
        'failed: wrong',
        '  --> tests/one.test.yml:1',
        '  event 7: signup of a7 at 2026-01-01T00:00:00.000Z (tests/one.test.yml:5)',
        '    velocity-prefix-burst: expected fires, got quiet',
        '      false    signups_per_prefix_10m >= 8   (signups_per_prefix_10m = 7)',
        '    would turn with signups_per_prefix_10m: 7 -> 8',
        '    payment-many: expected fires, got unknown',
        '      unknown  accounts_per_card_90d >= 5   (accounts_per_card_90d = missing)',
        '    would turn with accounts_per_card_90d: missing -> 5',
        '    email-free: expected not to fire, got fires',
        '      true     email.is_free   (email.is_free = true)',
        '    would turn with email.is_free: true -> false',
        '    outcome: expected limit, got allow (score 7: email-free 7)',
        '    score: expected >= 30, got 7 (email-free 7)',
        '    reason payment.reused: expected given, got velocity.burst',
        '    state: expected held, got admitted since 2026-01-01T00:00:00.000Z by the decision on event 7',
        '    value signups_per_prefix_10m: expected 8, got 7',
      ].join('\n'),
    );
  });

  it.each([
    ['fired: [email-free, shadow-free-mail]', 'fires in shadow only'],
    ['quiet: [email-key]', 'not looked at on signup (on: api_key_created)'],
    ['unknown: [email-key]', 'not looked at on signup (on: api_key_created)'],
    ['quiet: [email-off]', 'off'],
    ['reasons: []', 'velocity.burst'],
  ])(
    'is told where a test expects of a rule what it was not asked, or was not heard for: %s',
    async (expected, got) => {
      const more = ['email-key, on: [api_key_created]', 'email-off, on: [signup], mode: off'].map(
        (head) =>
          `  - { id: ${head}, family: email, when: email.is_free, points: 1, reason: velocity.burst, owner: abuse-team }\n`,
      );
      const rules = sequenceRules.replace('\npolicy:', `\n${more.join('')}policy:`);
      const event = signup('account.id: a, email.address: x@gmail.com');
      const text = `name: n\nevents: [${event}]\nexpect: [{ event: 1, ${expected} }]\n`;
      expect(await failuresOf(text, rules)).toMatchObject([{ got }]);
    },
  );

  it('is none where nothing is to be given, and nothing is', async () => {
    await passes(`name: n\nevents: [${signup('account.id: a')}]\nexpect: [{ event: 1, reasons: [], fired: [] }]\n`);
  });

  it('says why a rule was not looked at', async () => {
    const expected = 'expect: [{ event: 1, fires: [velocity-prefix-burst] }]';
    const event = '{ type: payment_method_added, account.id: a }';
    expect(await failuresOf(`name: other type\nevents: [${event}]\n${expected}\n`)).toMatchObject([
      { got: 'not looked at on payment_method_added (on: signup)' },
    ]);
  });

  it('names a step that could not be done', async () => {
    const early = `name: too early\nevents:\n  - ${signup('account.id: a, at: 1h')}\n  - { label: fraud, account.id: a, at: 10m }\n`;
    expect(await failuresOf(early)).toMatchObject([
      { event: 0, what: 'step', got: expect.stringContaining("the step 'label' (account a) was refused") },
    ]);
  });
});

describe('coverage', () => {
  it('counts what sequences saw, and the leaves that they turned on', async () => {
    const { tally } = await trySequences(`name: seen
given: { baseline: { template_burst: { share: 0.001 } } }
events:
  - { repeat: 8, type: signup, account.id: "a{n}", ip: 203.0.113.4, email.address: "u{n}@gmail.com" }
`);
    const { coverage, uncovered } = tally.report();
    expect(coverage['velocity-prefix-burst']).toEqual({
      fires: 1,
      quiet: 7,
      unknown: 0,
      leaves_decisive: 1,
      leaves: 1,
    });
    expect(coverage['payment-fraud']).toMatchObject({ fires: 0, quiet: 0, unknown: 8 });
    expect(uncovered['velocity-template-burst']).toEqual([]);
  });
});
