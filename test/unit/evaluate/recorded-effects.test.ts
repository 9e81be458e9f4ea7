import { describe, expect, it } from '@jest/globals';
import { recordedHits } from '../../../src/evaluate/recorded-effects.js';
import type { Decision } from '../../../src/model/decision.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { decisionRecord } from '../../support/decision-record-builder.js';
import { today } from '../../support/rule-files.js';

const rules = `reasons:
  device.x: { title: X, public: additional_verification_required }
rules:
  - { id: half, family: device, on: [signup], when: ip.version == 4, points: 14.95, reason: device.x, owner: o, mode: live }
`;

describe('the hits of a stored decision', () => {
  it('have the exact points of a rule whose points were stored to a tenth, halves included', () => {
    const { ruleSet } = loadRuleSet({ files: new Map([['all.yml', rules]]), now: today });
    if (ruleSet === undefined) throw new Error('the rules are broken');
    const slots = ruleSet.newSlots();
    slots[ruleSet.slotOf('ip.version') ?? -1] = 4;
    const pointsOf = (points: number) => {
      const reasons = [{ code: 'device.x', rule: 'half', points, title: 'X', evidence: {} }];
      const decision: Decision = {
        ...decisionRecord({ number: 1 }).draft,
        reasons,
        access: { state: 'admitted', version: 1 },
        case_id: null,
        decided_at: '2026-05-01T12:00:00.000Z',
        duration_ms: 1,
      };
      return recordedHits({ decision }, ruleSet, slots).map((hit) => hit.points);
    };
    expect(pointsOf(15)).toEqual([14.95]);
    expect(pointsOf(12)).toEqual([12]);
  });
});
