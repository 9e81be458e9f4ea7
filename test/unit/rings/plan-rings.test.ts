import { describe, expect, it } from '@jest/globals';
import { MemoryRings } from '../../../src/adapters/memory/rings.js';
import { planRings, type RingPlan } from '../../../src/evaluate/plan-rings.js';
import { HashedSignals } from '../../../src/model/hashed-signals.js';
import { type Reading, type Slots, Unavailable } from '../../../src/model/value.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import type { RuleSet } from '../../../src/ruleset/rule-set.js';
import { ringRules } from '../../support/ring-rules.js';

const at = Date.UTC(2026, 10, 21);
const hash = (type: string, text: string): string => `${type}=${text}`;

function loaded(text = ringRules): RuleSet {
  const { ruleSet, errors } = loadRuleSet({ files: new Map([['ring.yml', text]]), now: 0 });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  return ruleSet;
}

const ruleSet = loaded();
const signals = signalsOf(ruleSet);
const signup = planFor(ruleSet, signals);

function signalsOf(rules: RuleSet): HashedSignals {
  return new HashedSignals((name) => rules.slotOf(name), hash);
}

function planFor(rules: RuleSet, placed = signalsOf(rules)): RingPlan {
  const plan = planRings(rules.needs('signup'), rules, { signals: placed, hash });
  if (plan === undefined) throw new Error('no links');
  return plan;
}

function slotsWith(values: Readonly<Record<string, Reading>>): Slots {
  const slots = ruleSet.newSlots();
  for (const [name, value] of Object.entries(values)) slots[ruleSet.slotOf(name) ?? -1] = value;
  return slots;
}

const keysOf = (slots: Slots) => signup.keys(signals.hashesOf(slots));
const sizeIn = (slots: Slots): Reading => slots[ruleSet.slotOf('ring.size') ?? -1];
const nothing = { byLink: new Map(), rings: new Map() };

describe('the rings of an event', () => {
  it('are not asked for without links', () => {
    const without = loaded(ringRules.replace(/links:[\s\S]*?rules:/, 'rules:'));
    expect(planRings(without.needs('signup'), without, { signals: signalsOf(without), hash })).toBeUndefined();
  });

  it('are looked for by every link whose key is whole', () => {
    const names = (values: Readonly<Record<string, Reading>>) => keysOf(slotsWith(values)).map(({ link }) => link);
    expect(names({})).toEqual([]);
    expect(names({ 'payment.fingerprint': 'c', 'ip.prefix': 'p' })).toEqual(['card', 'prefix']);
    expect(names({ 'device.template': 't' })).toEqual([]);
    expect(names({ 'device.template': 't', 'email.shape': 'l5' })).toEqual(['template']);
    expect(names({ 'payment.fingerprint': new Unavailable('away') })).toEqual([]);
  });

  it('are looked for by keys of their link alone', () => {
    const keyOf = (rules: RuleSet): string | undefined => {
      const placed = signalsOf(rules);
      const plan = planFor(rules, placed);
      return plan.keys(placed.hashesOf(slotsWith({ 'payment.fingerprint': 'c' })))[0]?.key;
    };
    expect(keyOf(ruleSet)).toMatch(/^[0-9a-f]{8}payment\.fingerprint=c$/);
    expect(keyOf(loaded(ringRules.replace('ttl: 180d', 'ttl: 90d')))).not.toBe(keyOf(ruleSet));
  });

  it('leave a trace of the links that count, and of what is counted of members', () => {
    const values = { 'payment.fingerprint': 'c', 'ip.prefix': 'p', 'ip.asn': 7, 'device.template': 't' };
    const traceOf = (vpn: Reading) => {
      const slots = slotsWith({ ...values, 'ip.is_vpn': vpn });
      return signup.settle(keysOf(slots), nothing, slots).trace;
    };
    expect(traceOf(true)).toMatchObject({
      links: [{ link: 'card' }, { link: 'prefix' }],
      prefix: 'ip.prefix=p',
      asn: 7,
      template: 'device.template=t',
    });
    for (const vpn of [false, undefined, new Unavailable('ip_intel_unavailable')])
      expect(traceOf(vpn)?.links.map(({ link }) => link)).toEqual(['card']);
    const alone = slotsWith({ 'ip.prefix': 'p' });
    expect(signup.settle(keysOf(alone), nothing, alone).trace).toBeUndefined();
  });

  it('are read by rules: absent without a ring, unavailable when they could not be asked', async () => {
    const slots = slotsWith({ 'payment.fingerprint': 'c', 'ip.prefix': 'p', 'ip.is_vpn': true });
    const keys = keysOf(slots);
    const { trace } = signup.settle(keys, nothing, slots);
    if (trace === undefined) throw new Error('no trace');
    expect(sizeIn(slots)).toBeUndefined();
    const rings = new MemoryRings(ruleSet.links.map(({ spec }) => spec));
    for (const accountId of ['a', 'b']) rings.apply({ kind: 'event', accountId, at, trace });
    const { ring } = signup.settle(keys, await rings.find('c', keys, at), slots);
    expect(ring).toMatchObject({ size: 3, strongLinks: 1 });
    expect(sizeIn(slots)).toBe(3);
    const away = new Unavailable('ring_unavailable');
    expect(signup.settle(keys, away, slots)).toEqual({ ring: undefined, trace });
    expect(sizeIn(slots)).toBe(away);
  });
});
