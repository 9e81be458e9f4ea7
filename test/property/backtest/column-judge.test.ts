import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ColumnJudge } from '../../../src/backtest/column-judge.js';
import { ConditionProgram } from '../../../src/backtest/condition-program.js';
import { Layout } from '../../../src/backtest/contender.js';
import { decide } from '../../../src/decisions/decide.js';
import type { InputGroup } from '../../../src/model/policy.js';
import { isOutage } from '../../../src/model/value.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import type { RuleSet } from '../../../src/ruleset/rule-set.js';
import { aRow, blockOf, randomReading, randomType, rowsStart } from '../../support/backtest-rows.js';
import { type RandomSource, randomSource } from '../../support/expression/random-source.js';
import { ruleFiles } from '../../support/rule-files.js';

const conditions = [
  'accounts_per_card_90d >= 3',
  'accounts_per_card_90d >= 3 && !default(email.is_free, false)',
  'card_fraud_180d >= 1',
  'ip.is_vpn || ip.is_tor',
  'email.domain == "mail.example"',
  'email.domain.endsWith(".example") && account.path != "education"',
  'payment.funding in ["prepaid", "virtual"]',
  'device.form_ms < 9 || device.confidence * 2 > 20',
  'anonymous && log2(1 + burst.z) > 2',
  'has(phone.number) && !(accounts_per_card_90d > burst.expected)',
  'device.confidence - burst.ratio > device.form_ms / 4',
  'true',
];
const points = ['10', '35', '-15', 'min(45, 9 * log2(1 + accounts_per_card_90d))', 'burst.z', '0'];
const families = ['payment', 'network', 'email', 'device', 'identity'];
const types = ['signup', 'payment_method_added', 'api_key_created'];

function randomRule(number: number, random: RandomSource): string {
  const on = types.filter((type) => type === 'signup' || random.once(2));
  const more = [
    ...(random.once(4) ? [`at_least: ${random.pick(['limit', 'hold', 'deny'])}`] : []),
    ...(random.once(3) ? [`mode: ${random.pick(['shadow', 'off', '{ rollout: 40% }'])}`] : []),
    ...(random.once(4)
      ? ['except: [{ when: \'account.path == "education"\', why: w, owner: o, until: 2026-05-02 }]']
      : []),
    ...(random.once(4) ? ['points_max: 25'] : []),
  ];
  return `
  - id: rule-${number}
    family: ${random.pick(families)}
    on: [${on.join(', ')}]
    when: '${random.pick(conditions)}${random.once(3) ? ` || ${random.pick(conditions)}` : ''}'
    points: ${random.pick(points)}
    reason: payment.reused
    title: "{accounts_per_card_90d} accounts"
    verify: [${random.pick(['phone', 'email', 'document'])}]
    owner: abuse-team${more.map((line) => `\n    ${line}`).join('')}`;
}

function randomRuleSet(random: RandomSource): RuleSet {
  const rules = Array.from({ length: 1 + random.below(12) }, (_, number) => randomRule(number, random)).join('');
  const { ruleSet, errors } = loadRuleSet({
    now: rowsStart,
    expiredExceptions: 'warn',
    files: ruleFiles(`reasons:
  payment.reused: { title: Reused, public: additional_verification_required }
features:
  accounts_per_card_90d: { distinct: account.id, by: [payment.fingerprint], window: 90d, on: [signup] }
  card_fraud_180d: { labelled: fraud, by: [payment.fingerprint], window: 180d, on: [signup] }
  burst: { burst: signup, by: [device.template], window: 24h, baseline: 21d, min: 4 }
predicates:
  anonymous: ip.is_vpn && !ip.is_relay
policy:
  thresholds: { limit: ${10 + random.below(20)}, hold: ${30 + random.below(30)} }
  family_caps: { payment: 30 }
  hold_needs_families: ${1 + random.below(3)}
  unavailable: { velocity: ${random.pick(['limit', 'ignore'])}, ring: limit, ip_intel: ${random.pick(['hold', 'ignore'])} }
rules:${rules}
`),
  });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  return ruleSet;
}

/** The live way: slots, `judge`, `decide`. */
function liveOutcome(
  ruleSet: RuleSet,
  layout: Layout,
  { row, cleared }: { row: ReturnType<typeof aRow>; cleared: ReadonlySet<string> },
) {
  const contender = new Layout().add(ruleSet);
  const slots = ruleSet.newSlots();
  for (const [place, { name }] of layout.entries.entries()) {
    const slot = ruleSet.slotOf(name);
    if (slot !== undefined) slots[slot] = row.readings[place];
  }
  const { accountId, at: now, type } = row;
  const findings = ruleSet.judge(type, slots, { accountId, now, clearedRules: cleared });
  const missing = new Set<InputGroup>();
  for (const { slot, group } of contender.inputsOf(type)) if (isOutage(slots[slot])) missing.add(group);
  const decided = decide(findings, contender.contextWith([...missing]));
  return { findings, decided };
}

describe('Judging in columns', () => {
  it('decides every row as the engine does, hit for hit', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 80 }), (seed, size) => {
        const random = randomSource(seed);
        const ruleSet = randomRuleSet(random);
        const layout = new Layout();
        const program = new ConditionProgram();
        const judge = new ColumnJudge(layout.add(ruleSet), program);
        const cleared = new Set(['rule-0']);
        const rows = Array.from({ length: size }, (_, number) =>
          aRow(
            number * 60,
            layout.entries.map((entry) => randomReading(entry, random)),
            { type: randomType(random), ...(random.once(5) ? { clearedRules: cleared } : {}) },
          ),
        );
        const block = blockOf(layout.entries, rows, (made) => program.groupColumns(made));
        program.run(block);
        const found: unknown[] = [];
        judge.judge(block, ({ findings, decided }) => found.push({ findings, decided }));
        const wanted = rows.map((row) => liveOutcome(ruleSet, layout, { row, cleared: row.clearedRules ?? new Set() }));
        expect(found).toEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });
});
