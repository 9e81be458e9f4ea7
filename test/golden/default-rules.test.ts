import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readRuleFiles } from '../../src/adapters/files/rule-files.js';
import { formatRules } from '../../src/authoring/format-rules.js';
import { type Decided, decide } from '../../src/decisions/decide.js';
import type { EventType } from '../../src/model/event.js';
import type { Value } from '../../src/model/value.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import type { RuleSet } from '../../src/ruleset/rule-set.js';
import { givenSlots } from '../../src/ruleset/run-inline-tests.js';
import { runRuleTests } from '../support/run-rule-tests.js';
import { abusiveCases, type CrowdCase, honestCases, sharingCases } from './crowd-cases.js';

const now = Date.parse('2026-11-21T12:00:00Z');
const { files, unreadable } = await readRuleFiles(join(process.cwd(), 'rules'));
const loaded = loadRuleSet({ files, now });

function theRules(): RuleSet {
  if (loaded.ruleSet === undefined) throw new Error(JSON.stringify(loaded.errors, null, 2));
  return loaded.ruleSet;
}

function outcomeOf(type: EventType, given: Readonly<Record<string, Value>>): Decided {
  const ruleSet = theRules();
  for (const name of Object.keys(given)) if (ruleSet.slotOf(name) === undefined) throw new Error(`no input ${name}`);
  const slots = givenSlots(ruleSet, new Map(Object.entries({ 'event.type': type, ...given })));
  return decide(ruleSet.judge(type, slots, { accountId: 'acct_golden', now }), {
    policy: ruleSet.policy,
    missing: [],
    // Stricter than the product: a fraud label counts as one more family, not as a way around the two.
    reasonOf: (code) => ruleSet.reasons.get(code),
  });
}

const shown = ({ outcome, score, hits }: Decided): string =>
  `${outcome} ${score} ${hits.map(({ rule, points }) => `${rule.id}=${Math.round(points)}`).join(' ')}`;

describe('the default rules', () => {
  it('are written as rules fmt writes them', () => {
    const yaml = [...files].filter(([path]) => path.endsWith('.yml'));
    const others = yaml.filter(([path, text]) => formatRules(path, text).text !== text).map(([path]) => path);
    expect(others).toEqual([]);
  });

  it('load without an error and without a warning', () => {
    expect(unreadable).toEqual([]);
    expect(loaded.errors).toEqual([]);
    expect(loaded.warnings).toEqual([]);
  });

  it('are a hundred and more, all live', () => {
    expect(theRules().rules.filter(({ mode }) => mode !== 'live')).toEqual([]);
    expect(theRules().rules.length).toBeGreaterThanOrEqual(100);
  });

  it('pass the tests that stand beside them', () => {
    const { tests } = runRuleTests(theRules(), now);
    expect(tests.filter(({ ok }) => !ok)).toEqual([]);
    expect(tests.length).toBeGreaterThanOrEqual(150);
  });

  it('each have a test that fires and one that is quiet', () => {
    const { coverage } = runRuleTests(theRules(), now);
    const lacking = Object.entries(coverage).filter(([, { fires, quiet }]) => fires === 0 || quiet === 0);
    expect(lacking).toEqual([]);
  });

  it('stay silent about an event of which nothing is known', () => {
    for (const type of ['signup', 'payment_method_added', 'api_key_created', 'api_key_used'] as const)
      expect(shown(outcomeOf(type, {}))).toBe('allow 0 ');
  });

  it('let no family of evidence reach hold by itself', () => {
    const { rules, policy } = theRules();
    for (const { family } of rules)
      if (family !== 'history') expect(policy.familyCaps[family]).toBeLessThan(policy.thresholds.hold);
  });

  it('keep network, mail, bursts and programmes below limit by themselves', () => {
    const { policy } = theRules();
    for (const family of ['network', 'email', 'velocity', 'identity', 'usage'] as const)
      expect(policy.familyCaps[family]).toBeLessThan(policy.thresholds.limit);
  });
});

const named = (cases: readonly CrowdCase[]) => cases.map((example): [string, CrowdCase] => [example.who, example]);

describe('honest people are admitted', () => {
  it.each(named(honestCases))('%s', (_who, { on, given }) => {
    const decided = outcomeOf(on, given);
    expect({ outcome: decided.outcome, why: shown(decided) }).toMatchObject({ outcome: 'allow' });
  });
});

describe('crowds that share cards, devices or an employer are not held', () => {
  it.each(named(sharingCases))('%s', (_who, { on, given }) => {
    const decided = outcomeOf(on, given);
    const admits = decided.outcome === 'allow' || decided.outcome === 'limit';
    expect({ admits, why: shown(decided) }).toMatchObject({ admits: true });
  });
});

describe('the reported tactics are held', () => {
  it.each(named(abusiveCases))('%s', (_who, { on, given }) => {
    const decided = outcomeOf(on, given);
    expect({ outcome: decided.outcome, why: shown(decided) }).toMatchObject({ outcome: 'hold' });
    expect(decided.verify.length).toBeGreaterThan(0);
  });
});
