import type { Policy } from '../../src/model/policy.js';
import type { RuleHit, RuleInfo } from '../../src/model/rule.js';

const rule: RuleInfo = {
  id: 'a-rule',
  family: 'payment',
  on: ['signup'],
  when: 'true',
  points: '10',
  pointsMax: 100,
  verify: [],
  reason: 'payment.reused',
  title: 'A rule',
  owner: 'abuse-team',
  mode: 'live',
  file: 'rules/a.yml',
  line: 1,
};

/** A hit of a rule with these properties; ids are made from family and points unless given. */
export function aHit(points: number, overrides: Partial<RuleInfo> = {}, evidence: RuleHit['evidence'] = {}): RuleHit {
  const family = overrides.family ?? rule.family;
  return {
    rule: { ...rule, id: `${family}-${points}`, ...overrides },
    points,
    evidence,
    title: 'A rule',
    onConfirmedFraud: false,
    onOwnFraud: false,
  };
}

export function aPolicy(overrides: Partial<Policy> = {}): Policy {
  return {
    level: 'enforce',
    thresholds: { limit: 30, hold: 60 },
    familyCaps: {},
    holdNeedsFamilies: 2,
    limit: { requestsPerDay: 50 },
    probation: 'off',
    unavailable: { velocity: 'limit', ring: 'limit', ip_intel: 'ignore' },
    fail: { storeDown: 'reject', gateUnknown: 'deny', gateMaxStalenessMs: 600_000 },
    rescoreMs: [],
    retroHold: { maxAccountsPerHour: 2000, spare: [], youngerThanMs: 30 * 86_400_000 },
    sla: { reasonMs: {} },
    cost: { plan: {} },
    verification: { attempts: 5, expireAfterMs: 259_200_000, accountsPerIdentifier: 4 },
    fourEyes: { ringRelease: 50 },
    budget: { heldShare: 0.005, overMs: 86_400_000 },
    ...overrides,
  };
}
