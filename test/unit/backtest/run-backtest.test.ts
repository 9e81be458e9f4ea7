import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from '@jest/globals';
import { type BacktestRow, notStored } from '../../../src/backtest/backtest-source.js';
import type { BacktestReport } from '../../../src/backtest/report.js';
import { type BacktestInput, runBacktest, type SavedBacktest } from '../../../src/backtest/run-backtest.js';
import type { Label } from '../../../src/model/label.js';
import type { Reading } from '../../../src/model/value.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { inRollout } from '../../../src/ruleset/rollout.js';
import type { RuleSet } from '../../../src/ruleset/rule-set.js';
import { rowsStart, sourceOf } from '../../support/backtest-rows.js';
import { ruleFiles } from '../../support/rule-files.js';

interface Rule {
  readonly id: string;
  readonly when: string;
  readonly points?: number;
  readonly family?: string;
  readonly more?: string;
}

const ruleText = ({ id, when, points = 10, family = 'identity', more = '' }: Rule): string => `
  - id: ${id}
    family: ${family}
    on: [signup]
    when: '${when}'
    points: ${points}
    reason: identity.trial
    title: "Plan {account.plan}"
    owner: trial
    ${more}`;

function ruleSetOf(...rules: Rule[]): RuleSet {
  const text = `reasons:\n  identity.trial: { title: Trial, public: additional_verification_required }
policy:\n  thresholds: { limit: 30, hold: 60 }\n  hold_needs_families: 1\nrules:${rules.map(ruleText).join('')}\n`;
  const { ruleSet, errors } = loadRuleSet({ files: ruleFiles(text), now: rowsStart, expiredExceptions: 'warn' });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  return ruleSet;
}

const holds: Rule = { id: 'holds', when: 'account.plan == "bad"', more: 'at_least: hold' };
type Row = Partial<BacktestRow> & { readonly given: Readonly<Record<string, Reading>> };
const plans = (...all: (string | undefined)[]): Row[] => all.map((plan) => ({ given: { 'account.plan': plan } }));

const run = (ruleSet: RuleSet, rows: readonly Row[], more: Partial<BacktestInput> = {}): Promise<BacktestReport> =>
  runBacktest({ source: sourceOf(rows), ruleSet, ...more });

const labels = (told: Record<string, Label>): ReadonlyMap<string, Label> => new Map(Object.entries(told));
const of = (report: BacktestReport, id: string) => report.rules.find((rule) => rule.id === id);

describe('A backtest', () => {
  it('counts what rules do on events, and what could not be known', async () => {
    const report = await run(ruleSetOf(holds), plans('bad', 'good', undefined, 'bad'));
    expect(report).toMatchObject({
      partial: false,
      events: 4,
      rule_set: { events: { allow: 2, limit: 0, hold: 2, deny: 0 }, accounts: { hold: 2 } },
    });
    expect(of(report, 'holds')).toMatchObject({
      events: { evaluated: 4, fired: 2, shadow: 0, unknown: 1, set_aside: 0 },
      unknown_share: 0.25,
      points: { least: 10, mean: 10, most: 10 },
      fires_a_day: { mean: 2, most: 2 },
    });
  });

  it('counts accounts by their label, and never one without a label as honest', async () => {
    const report = await run(ruleSetOf(holds), plans('bad', 'bad', 'bad', 'good', 'good'), {
      labels: labels({ acct_0: 'fraud', acct_1: 'honest', acct_3: 'fraud', acct_4: 'honest' }),
    });
    expect(report.accounts).toEqual({ all: 5, fraud: 2, honest: 2, unlabelled: 1 });
    expect(of(report, 'holds')).toMatchObject({
      accounts: { all: 3, fraud: 1, honest: 1, unlabelled: 1 },
      quality: {
        precision: { count: 1, of: 2, share: 0.5 },
        recall: { count: 1, of: 2 },
        honest: { count: 1, of: 2 },
      },
    });
  });

  it('says nothing of quality where there is no label', async () => {
    const report = await run(ruleSetOf(holds), plans('bad'));
    expect([report.rule_set.quality, of(report, 'holds')?.quality]).toEqual([null, null]);
  });

  it('takes the labels that the source has, and those of the caller before them', async () => {
    const rows = plans('bad', 'bad').map((row) => ({ ...row, label: 'honest' as const }));
    const report = await run(ruleSetOf(holds), rows, { labels: labels({ acct_1: 'fraud' }) });
    expect(report.accounts).toMatchObject({ fraud: 1, honest: 1 });
  });

  it('tells which accounts no other rule holds, and which rules touch the same', async () => {
    const twice = { ...holds, id: 'twice', when: 'account.plan in ["bad", "worse"]' };
    const report = await run(ruleSetOf(holds, twice), plans('bad', 'worse', 'good'));
    expect(of(report, 'holds')?.unique.all).toBe(0);
    expect(of(report, 'twice')).toMatchObject({
      unique: { all: 1 },
      overlap: [{ rule: 'holds', both: 1, jaccard: 0.5 }],
      changes: {
        events: [{ from: 'allow', to: 'hold', count: 1 }],
        accounts: [{ from: 'allow', to: 'hold', count: 1 }],
      },
    });
  });

  it('looks at an account with all its events: what another event holds, a rule does not hold alone', async () => {
    const rows = [
      { accountId: 'a', given: { 'account.plan': 'bad' } },
      { accountId: 'a', given: { 'account.plan': 'worse' } },
    ];
    const report = await run(ruleSetOf(holds, { ...holds, id: 'worse', when: 'account.plan == "worse"' }), rows);
    expect(of(report, 'holds')).toMatchObject({
      changes: { events: [{ from: 'allow', to: 'hold', count: 1 }], accounts: [] },
      unique: { all: 0 },
    });
  });

  it('judges a shadow rule as if it were live, and changes nothing by it', async () => {
    const report = await run(ruleSetOf({ ...holds, more: 'at_least: hold\n    mode: shadow' }), plans('bad', 'good'));
    expect(report.rule_set.events).toMatchObject({ allow: 2, hold: 0 });
    expect(of(report, 'holds')).toMatchObject({
      mode: 'shadow',
      events: { fired: 0, shadow: 1 },
      changes: { events: [{ from: 'allow', to: 'hold', count: 1 }] },
      unique: { all: 1 },
    });
  });

  it('knows the accounts of a roll-out, exceptions until their day, and rules that are off', async () => {
    const rolled = { ...holds, id: 'rolled', more: 'at_least: hold\n    mode: { rollout: 50% }' };
    const excepted = {
      ...holds,
      id: 'excepted',
      more: 'except: [{ when: \'account.path == "lab"\', why: w, owner: o, until: 2026-05-02 }]',
    };
    const off = { ...holds, id: 'not-running', more: 'mode: off' };
    const rows = Array.from({ length: 40 }, (_, number) => ({
      at: rowsStart + (number % 2) * 2 * 86_400_000,
      given: { 'account.plan': 'bad', 'account.path': 'lab' },
    }));
    const report = await run(ruleSetOf(rolled, excepted, off), rows);
    const inside = rows.filter((_, number) => inRollout('rolled', `acct_${number}`, 0.5)).length;
    expect(of(report, 'rolled')?.events).toMatchObject({ fired: inside, shadow: 40 - inside });
    expect(of(report, 'excepted')?.events).toMatchObject({ fired: 20, set_aside: 20 });
    expect(of(report, 'not-running')).toBeUndefined();
  });

  it('shows points that trust takes away', async () => {
    const report = await run(
      ruleSetOf({ id: 'adds', when: 'true', points: 35 }, { id: 'trust', when: 'account.plan == "good"', points: -20 }),
      plans('good', 'bad'),
    );
    expect(of(report, 'trust')?.changes.events).toEqual([{ from: 'limit', to: 'allow', count: 1 }]);
  });

  it('compares with a baseline, account by account', async () => {
    const before = ruleSetOf({ ...holds, when: 'account.plan == "worse"' });
    const report = await run(ruleSetOf(holds), plans('bad', 'bad', 'worse', 'good'), {
      baseline: before,
      labels: labels({ acct_0: 'honest', acct_2: 'fraud' }),
    });
    expect(report.changes).toMatchObject({
      events: [
        { from: 'allow', to: 'hold', count: 2 },
        { from: 'hold', to: 'allow', count: 1 },
      ],
      newly_held: { all: 2, honest: 1, unlabelled: 1 },
      released: { all: 1, fraud: 1 },
    });
    expect(report.changes?.examples).toHaveLength(3);
    expect(report.baseline?.events).toMatchObject({ hold: 1 });
  });

  it('groups honest accounts that pay by what they share', async () => {
    const rows = Array.from({ length: 6 }, (_, number) => ({
      given: {
        'account.plan': number < 4 ? 'bad' : 'good',
        'account.organization': number < 4 ? 'Bright Tutor' : 'Other',
        'ip.asn': number,
        'ip.country': 'AU',
      },
    }));
    const told = labels(
      Object.fromEntries(rows.map((_, number) => [`acct_${number}`, number === 0 ? 'fraud' : 'honest'])),
    );
    const report = await run(ruleSetOf(holds), rows, { labels: told, baseline: ruleSetOf(holds) });
    expect(report.crowds).toEqual([
      { trait: 'account.organization', value: 'Bright Tutor', accounts: 3, held: 3, held_before: 3 },
    ]);
  });

  it('says which rules read what the source does not have, and does not take it for absent', async () => {
    const missing = { ...holds, id: 'missing', when: '!has(account.plan)' };
    const report = await run(ruleSetOf(missing), [{ given: { 'account.plan': notStored } }, ...plans(undefined)]);
    expect(of(report, 'missing')?.events).toMatchObject({ fired: 1, unknown: 1 });
    expect(report.not_judged).toEqual([{ rule: 'missing', inputs: ['account.plan'], share: 0.5 }]);
  });

  it('masks ids of examples unless it is told how to show them', async () => {
    const rows = [{ eventId: 'evt_01JD8XYZ', accountId: 'acct_9134567', given: { 'account.plan': 'bad' } }];
    const masked = of(await run(ruleSetOf(holds), rows), 'holds')?.examples[0];
    expect(masked).toMatchObject({ event_id: 'evt_…YZ', account_id: 'acct…67', from: 'allow', to: 'hold' });
    const whole = of(await run(ruleSetOf(holds), rows, { showId: (id) => id }), 'holds')?.examples[0];
    expect(whole).toMatchObject({ account_id: 'acct_9134567', reasons: [{ rule: 'holds', title: 'Plan bad' }] });
  });

  it('goes on where it was stopped, and comes to the same report', async () => {
    const ruleSet = ruleSetOf(holds, { id: 'adds', when: 'has(account.plan)', points: 35 });
    const rows = Array.from({ length: 9000 }, (_, number) => ({
      accountId: `acct_${number % 700}`,
      at: rowsStart + number * 1000,
      given: { 'account.plan': ['bad', 'good', undefined][number % 3], 'account.path': `p${number % 5}` },
    }));
    const more = {
      labels: labels({ acct_1: 'fraud', acct_5: 'honest', acct_8: 'honest' }),
      baseline: ruleSetOf(holds),
    };
    const whole = await run(ruleSet, rows, more);
    let saved: SavedBacktest | undefined;
    const partial = await run(ruleSet, rows, {
      ...more,
      onBlock: () => true,
      onStop: (state) => {
        saved = deserialize(serialize(state));
      },
    });
    expect(partial).toMatchObject({ partial: true, events: 4096 });
    const { rows: taken = 0 } = saved ?? {};
    const rest = await run(ruleSet, rows.map((row, number) => ({ eventId: `evt_${number}`, ...row })).slice(taken), {
      ...more,
      resumeFrom: saved,
    });
    expect(rest).toEqual(whole);
  });
});
