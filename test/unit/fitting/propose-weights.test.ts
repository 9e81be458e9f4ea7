import { describe, expect, it } from '@jest/globals';
import { fitFactors } from '../../../src/fitting/fit-factors.js';
import { type Observation, splitByGroup } from '../../../src/fitting/observation.js';
import { leastOfEach, proposeWeights } from '../../../src/fitting/propose-weights.js';
import { weigh } from '../../../src/fitting/weigh-observation.js';
import type { Label } from '../../../src/model/label.js';
import { aHit, aPolicy } from '../../support/rule-hit-builder.js';

const policy = aPolicy({ familyCaps: { payment: 50, device: 45 } });

interface Told {
  readonly label: Label;
  readonly hits: readonly (readonly [rule: string, family: 'payment' | 'device' | 'email', points: number])[];
  readonly ring?: string;
  readonly path?: string;
}

let made = 0;

function observation({ label, hits, ring, path = 'standard' }: Told): Observation {
  const accountId = `acct_${made++}`;
  return {
    accountId,
    group: ring ?? accountId,
    label,
    hits: hits.map(([id, family, points]) => aHit(points, { id, family, points: String(points) })),
    traits: new Map([['account.path', path]]),
  };
}

const times = (count: number, told: Told): Observation[] => Array.from({ length: count }, () => observation(told));

/** Frauds show two kinds of evidence that are worth too little; honest people show a third that is worth too much. */
const world = [
  ...times(200, {
    label: 'fraud',
    hits: [
      ['card-reuse', 'payment', 22],
      ['device-farm', 'device', 20],
    ],
  }),
  ...times(150, { label: 'honest', hits: [['odd-mail', 'email', 35]], path: 'education' }),
  ...times(250, { label: 'honest', hits: [] }),
];

const isOddMail = ({ rule }: { readonly rule: { readonly id: string } }): boolean => rule.id === 'odd-mail';

describe('weights from labels', () => {
  it('raises what frauds show and lowers what honest people show, within its bounds', () => {
    const factors = fitFactors(world, policy);
    expect(factors.get('card-reuse')).toBeGreaterThan(1);
    expect(factors.get('device-farm')).toBeGreaterThan(1);
    expect(factors.get('odd-mail')).toBeLessThan(1);
    for (const factor of factors.values()) {
      expect(factor).toBeGreaterThanOrEqual(0.25);
      expect(factor).toBeLessThanOrEqual(3);
    }
  });

  it('leaves alone a rule that fired on too few labelled accounts', () => {
    const rare = times(19, { label: 'fraud', hits: [['rare', 'device', 5]] });
    expect(fitFactors([...world, ...rare], policy).get('rare')).toBe(1);
  });

  it('says the same for the same labels', () => {
    expect(proposeWeights(world, policy)).toEqual(proposeWeights(world, policy));
  });

  it('catches more of what it has not seen, without a false hold', () => {
    const { before, after } = proposeWeights(world, policy)?.heldOut ?? {};
    expect(before?.recall.share).toBe(0);
    expect(after?.recall.share).toBe(1);
    expect(after?.falseHolds.count).toBe(0);
  });

  it('keeps the rule that a hold needs two families, whatever the points', () => {
    const oneFamily = times(300, { label: 'fraud', hits: [['card-reuse', 'payment', 45]] });
    const honest = world.filter(({ label }) => label === 'honest');
    expect(proposeWeights([...oneFamily, ...honest], policy)?.heldOut.after.recall.count).toBe(0);
  });

  it('names the honest people who would pay', () => {
    const likeFrauds = times(4, {
      label: 'honest',
      hits: [
        ['card-reuse', 'payment', 22],
        ['device-farm', 'device', 20],
      ],
      path: 'startup',
    });
    const generous = { ...policy, budget: { ...policy.budget, heldShare: 0.05 } };
    const proposal = proposeWeights([...world, ...likeFrauds], generous);
    const [payer] = proposal?.payers ?? [];
    expect(payer).toMatchObject({ trait: 'account.path', value: 'startup', before: { count: 0 }, after: { count: 4 } });
    expect(proposal?.changes.get('limited to held')).toEqual({ fraud: 200, honest: 4 });
  });

  it('tells of a policy that only reports what it would tell of an enforced one', () => {
    const reporting = proposeWeights(world, { ...policy, level: 'report' });
    expect(reporting).toEqual(proposeWeights(world, policy));
    expect(reporting?.heldOut.after.recall.share).toBe(1);
  });

  it('proposes nothing where honest people look like the frauds and would be held beyond the budget', () => {
    const likeFrauds = times(20, {
      label: 'honest',
      hits: [
        ['card-reuse', 'payment', 22],
        ['device-farm', 'device', 20],
      ],
    });
    const found = proposeWeights([...world.filter(({ hits }) => !hits.some(isOddMail)), ...likeFrauds], policy);
    expect(found).toMatchObject({ strength: 0, factors: [], payers: [] });
    expect(found?.thresholds.after).toEqual(policy.thresholds);
    expect(found?.changes.size).toBe(0);
  });

  it('takes factors back as far as the budget asks for, and says so', () => {
    const alike = times(20, {
      label: 'honest',
      hits: [
        ['card-reuse', 'payment', 17],
        ['device-farm', 'device', 17],
      ],
    });
    const high = { ...policy, thresholds: { limit: 30, hold: 80 }, familyCaps: {} };
    const found = proposeWeights([...world, ...alike], high);
    expect(found?.strength).toBeGreaterThan(0);
    expect(found?.strength).toBeLessThan(1);
    expect(found?.training.after).toMatchObject({ falseHolds: { count: 0 }, recall: { share: 1 } });
  });

  it('leaves the thresholds alone where lowering them gains nothing', () => {
    const caught = times(200, {
      label: 'fraud',
      hits: [
        ['card-reuse', 'payment', 40],
        ['device-farm', 'device', 40],
      ],
    });
    const honest = times(300, { label: 'honest', hits: [['odd-mail', 'email', 10]] });
    expect(proposeWeights([...caught, ...honest], policy)?.thresholds.after).toEqual(policy.thresholds);
  });

  it('measures the points as the diff writes them: a rule of half a point that is halved keeps it', () => {
    const small = times(200, { label: 'honest', hits: [['tiny', 'email', 0.5]] });
    const proposal = proposeWeights([...world, ...small], policy);
    expect(proposal?.factors.map(({ rule }) => rule)).not.toContain('tiny');
    const told = observation({ label: 'fraud', hits: [['card-reuse', 'payment', 22]] });
    const weighting = { policy, factors: new Map([['card-reuse', 1.35]]) };
    // 29.7, which is written as 29.5.
    expect(weigh(told, weighting).score).toBe(29.5);
  });

  it('stays silent where labels are too few', () => {
    const few = [...times(leastOfEach - 1, { label: 'fraud', hits: [] }), ...times(500, { label: 'honest', hits: [] })];
    expect(proposeWeights(few, policy)).toBeUndefined();
  });

  it('keeps a ring on one side of the split', () => {
    const rings = Array.from({ length: 50 }, (_none, ring) =>
      times(10, { label: 'fraud', hits: [], ring: `ring_${ring}` }),
    ).flat();
    const { training, heldOut } = splitByGroup(rings);
    const sides = [training, heldOut].map((side) => new Set(side.map(({ group }) => group)));
    expect([...(sides[0] ?? [])].filter((ring) => sides[1]?.has(ring))).toEqual([]);
    expect(heldOut.length).toBeGreaterThan(50);
    expect(training.length).toBeGreaterThan(250);
  });
});
