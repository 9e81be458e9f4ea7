import { describe, expect, it } from '@jest/globals';
import type { Reading } from '../../../src/model/value.js';
import { Unavailable } from '../../../src/model/value.js';
import { FuseBox } from '../../../src/ruleset/fuse-box.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { inRollout } from '../../../src/ruleset/rollout.js';
import type { JudgeContext, RuleSet } from '../../../src/ruleset/rule-set.js';
import { rightRules, ruleFiles, today } from '../../support/rule-files.js';

function load(text = rightRules): RuleSet {
  const { ruleSet, errors } = loadRuleSet({ files: ruleFiles(text), now: today });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  return ruleSet;
}

function judge(ruleSet: RuleSet, given: Record<string, Reading>, context: Partial<JudgeContext> = {}) {
  const slots = ruleSet.newSlots();
  for (const [name, reading] of Object.entries(given)) slots[ruleSet.slotOf(name) ?? -1] = reading;
  return ruleSet.judge('signup', slots, { accountId: 'a', now: today, ...context });
}

const reused = { accounts_per_card_90d: 5 };

describe('judging', () => {
  it('names the rules that fire, with points, evidence and a filled title', () => {
    const { hits, shadowHits } = judge(load(), reused);
    expect(hits).toMatchObject([
      {
        points: 40,
        evidence: reused,
        title: '5 accounts used this payment method',
        rule: { id: 'payment-many-accounts' },
      },
    ]);
    expect(shadowHits).toEqual([]);
  });

  it('clamps graded points to points_max', () => {
    const graded = load(rightRules.replace('points: 40', 'points: 30 * accounts_per_card_90d\n    points_max: 70'));
    expect(judge(graded, reused).hits[0]?.points).toBe(70);
  });

  it('never cuts negative points', () => {
    expect(judge(load(rightRules.replace('points: 40', 'points: -250')), reused).hits[0]?.points).toBe(-250);
    const graded = load(rightRules.replace('points: 40', 'points: -30 * accounts_per_card_90d'));
    expect(judge(graded, reused).hits[0]?.points).toBe(-150);
  });

  it('does not fire a rule whose points are unknown', () => {
    const graded = load(rightRules.replace('points: 40', 'points: signups_per_prefix_10m'));
    expect(judge(graded, reused).hits).toEqual([]);
  });

  it('fires nothing on missing or unavailable inputs, and says which', () => {
    const ruleSet = load();
    expect(judge(ruleSet, { accounts_per_card_90d: new Unavailable('down') }).hits).toEqual([]);
    expect(ruleSet.unknownInputs('payment_method_added', ruleSet.newSlots())).toEqual(['accounts_per_card_90d']);
  });

  it('respects exceptions to the end of their last day, and cleared rules', () => {
    const ruleSet = load();
    const excepted = { ...reused, 'email.domain': 'uni.example' };
    expect(judge(ruleSet, excepted).hits).toEqual([]);
    expect(judge(ruleSet, excepted, { now: Date.UTC(2030, 0, 1, 23, 59, 59, 999) }).hits).toEqual([]);
    expect(judge(ruleSet, excepted, { now: Date.UTC(2030, 0, 2) }).hits).toHaveLength(1);
    expect(judge(ruleSet, reused, { clearedRules: new Set(['payment-many-accounts']) }).hits).toEqual([]);
  });

  it('records shadow rules and blown ones apart, and leaves out those that are off', () => {
    expect(judge(load(rightRules.replace('mode: live', 'mode: shadow')), reused)).toMatchObject({
      hits: [],
      shadowHits: [{}],
    });
    expect(judge(load(), reused, { blownRules: new Set(['payment-many-accounts']) }).shadowHits).toHaveLength(1);
    expect(judge(load(rightRules.replace('mode: live', 'mode: off')), reused)).toEqual({ hits: [], shadowHits: [] });
  });

  it('needs what the rules of a type read and what is counted on it', () => {
    const { signals, features } = load().needs('payment_method_added');
    expect(features.map(({ spec }) => spec.name)).toEqual(['accounts_per_card_90d']);
    expect(signals.map(({ name }) => name)).toEqual(['account.id', 'email.domain', 'payment.fingerprint']);
  });

  it('rolls out to a stable share of accounts that only grows', () => {
    const accounts = Array.from({ length: 2000 }, (_, index) => `acct_${index}`);
    const at = (share: number) => accounts.filter((account) => inRollout('r', account, share));
    expect(at(0.2).every((account) => at(0.4).includes(account))).toBe(true);
    expect(at(0.2).length / accounts.length).toBeCloseTo(0.2, 1);
    expect(at(1)).toHaveLength(accounts.length);
    expect(at(0)).toHaveLength(0);
  });

  it('keeps its hash over line ends and changes it with the text', () => {
    const { hash } = load();
    expect(load(rightRules.replaceAll('\n', '\r\n')).hash).toBe(hash);
    expect(load(rightRules.replace('points: 40', 'points: 41')).hash).not.toBe(hash);
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('a fuse', () => {
  const fired = new Set(['payment-many-accounts']);

  it('blows once when the rule fires on too large a share, and not before its least number', () => {
    const blown: string[] = [];
    const box = new FuseBox(load().declarations, ({ rule }) => blown.push(rule));
    for (let i = 0; i < 49; i++) box.record('signup', fired, today);
    expect(blown).toEqual([]);
    for (let i = 0; i < 5; i++) box.record('signup', fired, today);
    expect(blown).toEqual(['payment-many-accounts']);
    expect(box.blown.has('payment-many-accounts')).toBe(true);
  });

  it('forgets what lies before its window', () => {
    const box = new FuseBox(load().declarations, () => undefined);
    for (let i = 0; i < 40; i++) box.record('signup', fired, today + i * 30_000);
    expect(box.blown.size).toBe(0);
  });
});
