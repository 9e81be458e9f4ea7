import { describe, expect, it } from '@jest/globals';
import { timelineOf } from '../../../src/campaigns/scoring/campaign-timeline.js';
import { mismatchOf } from '../../../src/campaigns/scoring/mismatch-of.js';
import { type OutcomeLine, Stories } from '../../../src/campaigns/scoring/read-stories.js';
import { renderScorecard } from '../../../src/campaigns/scoring/render-table.js';
import { limitsOf } from '../../../src/campaigns/scoring/score-attack.js';
import { scoreCampaign } from '../../../src/campaigns/scoring/scorecard.js';
import type { TruthLine } from '../../../src/campaigns/truth-line.js';
import type { AccessState } from '../../../src/model/access.js';
import { shareOf } from '../../../src/model/share.js';

const day = 86_400_000;
const start = Date.parse('2026-09-01T00:00:00Z');
const iso = (hours: number): string => new Date(start + hours * 3_600_000).toISOString();
const prices = { limitedPerDay: 50, ringLimitedPerDay: 60, probation: { perDay: 200, forMs: day } };

interface Told {
  readonly id: string;
  readonly fraud?: string;
  readonly crowd?: string;
  /** Hours after the start. */
  readonly signup?: number;
  readonly firstUse?: number;
  readonly lastUse?: number;
  readonly perDay?: number;
  /** Nothing speaks against it at its signup: where it is limited, it is on probation. */
  readonly allowed?: boolean;
  readonly states: readonly (readonly [hours: number, state: AccessState, ring?: string])[];
  /** The case that it comes into with its last state; that of a whole ring begins so. */
  readonly inCase?: string;
}

const truthOf = ({
  id,
  fraud,
  crowd = 'ordinary',
  signup = 0,
  firstUse = 1,
  lastUse = 49,
  perDay = 100,
}: Told): TruthLine => ({
  account_id: id,
  ...(fraud === undefined ? { kind: 'honest', crowd } : { kind: 'fraud', campaign: 'c', tier: 'T2', ring: fraud }),
  path: 'standard',
  signup_at: iso(signup),
  first_use_at: iso(firstUse),
  last_use_at: iso(lastUse),
  exchanges_per_day: perDay,
});

function storiesOf(all: readonly Told[]): Stories {
  const stories = new Stories();
  for (const told of all) stories.addTruth(truthOf(told));
  const lines = all.flatMap(({ id, states, allowed = false }) =>
    states.map(([hours, state, ring], index): OutcomeLine => {
      const told = { at: iso(hours), account_id: id, ring_id: ring ?? null };
      const outcome = allowed ? 'allow' : outcomeOf[state];
      return index === 0
        ? { kind: 'decision', ...told, type: 'signup', outcome, state }
        : { kind: 'access_changed', ...told, to: state };
    }),
  );
  for (const line of lines.sort((a, b) => (a.at < b.at ? -1 : 1))) stories.addOutcome(line);
  for (const { id, inCase } of all)
    if (inCase !== undefined)
      stories.addCases([{ account_id: id, case_id: inCase, whole_ring: inCase.startsWith('ring') }]);
  return stories;
}

const outcomeOf: Readonly<Record<AccessState, string>> = {
  admitted: 'allow',
  limited: 'limit',
  held: 'hold',
  denied: 'deny',
};

const scored = (...all: Told[]) => scoreCampaign(storiesOf(all), prices);

describe('recall', () => {
  it('counts a hold at the time when it came', () => {
    const { attack } = scored(
      { id: 'a', fraud: 'r', states: [[0, 'held']] },
      {
        id: 'b',
        fraud: 'r',
        states: [
          [0, 'admitted'],
          [0.5, 'held'],
        ],
      },
      {
        id: 'c',
        fraud: 'r',
        states: [
          [0, 'admitted'],
          [5, 'held'],
        ],
      },
      {
        id: 'd',
        fraud: 'r',
        states: [
          [0, 'admitted'],
          [23, 'denied'],
        ],
      },
      { id: 'e', fraud: 'r', states: [[0, 'limited']] },
    );
    const counts = [attack.atSignup, attack.beforeFirstExchange, attack.within1h, attack.within6h, attack.within24h];
    expect(counts.map(({ count }) => count)).toEqual([1, 2, 2, 3, 4]);
    expect(attack.limited.count).toBe(1);
  });

  it('does not count an account that was held and is let in again', () => {
    const { attack } = scored({
      id: 'a',
      fraud: 'r',
      states: [
        [0, 'held'],
        [0.5, 'admitted'],
      ],
    });
    expect([attack.atSignup.count, attack.beforeFirstExchange.count, attack.ever.count]).toEqual([1, 0, 1]);
  });
});

describe('exchanges', () => {
  const prevented = (...states: Told['states']) => {
    const { exchanges } = scored({ id: 'a', fraud: 'r', states }).attack;
    return [exchanges.preventedByHolds, exchanges.preventedWithLimits, exchanges.preventedWithProbation];
  };

  it('are all given away by an account that nobody stops, 200 in two days', () => {
    expect(scored({ id: 'a', fraud: 'r', states: [[0, 'admitted']] }).attack.exchanges.wanted).toBe(200);
    expect(prevented([0, 'admitted'])).toEqual([0, 0, 0]);
  });

  it('are given away until the hold', () => {
    expect(prevented([0, 'admitted'], [25, 'held'])).toEqual([0.5, 0.5, 0.5]);
  });

  it('of a limited account: a quota for each day that is begun', () => {
    expect(prevented([0, 'limited'])).toEqual([0, 0.5, 0.5]);
    const short = scored({ id: 'a', fraud: 'r', lastUse: 13, perDay: 1000, states: [[0, 'limited']] });
    expect(short.attack.exchanges.preventedWithLimits).toBeCloseTo(1 - 50 / 500, 9);
  });

  it('of a new account on probation: its quota while it is new', () => {
    const { exchanges } = scored({
      id: 'a',
      fraud: 'r',
      firstUse: 0,
      lastUse: 48,
      perDay: 1000,
      states: [[0, 'admitted']],
    }).attack;
    expect(exchanges.preventedWithProbation).toBeCloseTo((1000 - 200) / 2000, 9);
  });

  it("of an account that is limited only because it is new: the probation's quota, and not that of limits", () => {
    const use = { fraud: 'r', firstUse: 0, lastUse: 23, perDay: 1000 } as const;
    const wanted = (1000 * 23) / 24;
    const savedOf = (told: Pick<Told, 'allowed' | 'states'>) => {
      const { exchanges } = scored({ id: 'a', ...use, ...told }).attack;
      const saved = [exchanges.preventedByHolds, exchanges.preventedWithLimits, exchanges.preventedWithProbation];
      return saved.map((share) => Math.round(wanted * (share ?? 0)));
    };
    expect(savedOf({ allowed: true, states: [[0, 'limited']] })).toEqual([0, 0, 758]);
    expect(savedOf({ states: [[0, 'limited']] })).toEqual([0, 908, 908]);
    // Judged again, and limited for a reason: what is left of the day is that of `limit`, which is spent.
    const evidence = [
      [0, 'limited'],
      [6, 'limited'],
    ] as const;
    expect(savedOf({ allowed: true, states: evidence })).toEqual([0, 658, 758]);
  });

  it('of new accounts of one ring: the quota of the ring, too, where probation is priced', () => {
    const one = { fraud: 'r', firstUse: 0, lastUse: 24, perDay: 40, allowed: true } as const;
    const states = [[0, 'limited', 'ring_1']] as const;
    const { exchanges } = scored({ id: 'a', ...one, states }, { id: 'b', ...one, states }).attack;
    expect([exchanges.preventedWithLimits, exchanges.preventedWithProbation]).toEqual([0, 0.25]);
  });

  it("of limited accounts of one ring: the ring's quota of each day, for all of them together", () => {
    const one = { fraud: 'r', firstUse: 0, lastUse: 24, perDay: 40, states: [[0, 'limited', 'ring_1']] } as const;
    const pair = scored({ id: 'a', ...one }, { id: 'b', ...one }).attack.exchanges;
    expect([pair.preventedByHolds, pair.preventedWithLimits]).toEqual([0, 0.25]);
    const apart = scored({ id: 'a', ...one }, { id: 'b', ...one, states: [[0, 'limited', 'ring_2']] }).attack.exchanges;
    expect(apart.preventedWithLimits).toBe(0);
    const joined = { id: 'c', ...one, perDay: 0, firstUse: 24 } as const;
    const states = [
      [0, 'limited', 'ring_2'],
      [1, 'limited', 'ring_1'],
    ] as const;
    const merged = scored(
      { id: 'a', ...one },
      { id: 'b', ...one, states: [[0, 'limited', 'ring_2']] },
      { ...joined, states },
    );
    expect(merged.attack.exchanges.preventedWithLimits).toBe(0.25);
  });

  it('are none for an account that never uses the model', () => {
    const { exchanges } = scored({ id: 'a', fraud: 'r', firstUse: 5, lastUse: 5, states: [[0, 'held']] }).attack;
    expect([exchanges.wanted, exchanges.preventedByHolds]).toEqual([0, null]);
  });
});

describe('honest people', () => {
  it('are counted by crowd: held at any time, or limited and for how long', () => {
    const { crowds, honest } = scored(
      { id: 'a', states: [[0, 'admitted']] },
      {
        id: 'b',
        states: [
          [0, 'limited'],
          [10, 'admitted'],
        ],
      },
      {
        id: 'c',
        crowd: 'campus',
        states: [
          [0, 'held'],
          [5, 'admitted'],
        ],
      },
      {
        id: 'd',
        crowd: 'campus',
        states: [
          [0, 'limited'],
          [20, 'held'],
        ],
      },
    );
    expect(crowds.ordinary?.held.count).toBe(0);
    expect(crowds.ordinary?.limited.count).toBe(1);
    expect(crowds.ordinary?.limitedHours).toEqual({ median: 10, most: 10 });
    expect([crowds.campus?.held.count, crowds.campus?.limited.count]).toEqual([2, 0]);
    expect(honest.accounts).toBe(4);
  });
});

describe('probation', () => {
  it('is no limit: of honest people, and of frauds in the end, it is told apart', () => {
    const card = scored(
      { id: 'f', fraud: 'r', allowed: true, states: [[0, 'limited']] },
      {
        id: 'new',
        allowed: true,
        states: [
          [0, 'limited'],
          [24, 'admitted'],
        ],
      },
      {
        id: 'suspected',
        allowed: true,
        states: [
          [0, 'limited'],
          [6, 'limited'],
          [10, 'admitted'],
        ],
      },
    );
    expect(card.attack.limited.count).toBe(0);
    expect(card.honest).toMatchObject({ limited: { count: 1 }, onProbation: { count: 2 } });
    expect(card.honest.limitedHours).toEqual({ median: 4, most: 4 });
    expect(renderScorecard(card)).toContain('\non probation, which counts as no limit: 2 (100.00 %, ');
    expect(renderScorecard(scored({ id: 'h', states: [[0, 'limited']] }))).not.toContain('on probation');
  });
});

describe('rings', () => {
  it('follow a ring through a merge, and measure purity and completeness', () => {
    const { rings } = scored(
      {
        id: 'a',
        fraud: 'r',
        states: [
          [0, 'admitted', 'ring_2'],
          [2, 'held', 'ring_1'],
        ],
        inCase: 'ring 2',
      },
      { id: 'b', fraud: 'r', states: [[1, 'held', 'ring_2']], inCase: 'ring 1' },
      { id: 'c', fraud: 'r', states: [[2, 'held', 'ring_1']], inCase: 'its own' },
      { id: 'd', fraud: 'r', states: [[3, 'held']], inCase: "d's own" },
      { id: 'h', states: [[3, 'admitted', 'ring_1']] },
    );
    expect(rings.found).toBe(1);
    expect(rings.purity).toBe(0.75);
    expect(rings.truths).toEqual([
      { ring: 'r', accounts: 4, admittedBeforeFirstHold: 1, minutesToFirstHold: 60, completeness: 0.75, covered: 0.75 },
    ]);
    expect(rings.heldInRings).toEqual({ count: 2, of: 4 });
    expect(rings.cases).toEqual({ rings: 2, single: 2 });
  });

  it('that fell apart are two, also where one of them goes on under the name of both', () => {
    const member = (id: string, fraud: string, ...names: string[]): Told => ({
      id,
      fraud,
      states: names.map((ring, index) => [index * 24, 'admitted', ring] as const),
    });
    const [whole, part] = ['ring_01KQGDDCK0K5ZY', 'ring_01KQGDDCK0B2QZ'];
    const apart = scored(
      member('a1', 'a', whole, whole),
      member('a2', 'a', whole, whole),
      member('b1', 'b', whole, part),
      member('b2', 'b', whole, part),
    );
    expect([apart.rings.found, apart.rings.purity]).toEqual([2, 1]);
    const again = scored(
      member('a1', 'a', whole, whole, whole),
      member('b1', 'a', whole, part, whole),
      member('b2', 'a', whole, part),
    );
    expect([again.rings.found, again.rings.truths[0]?.completeness]).toEqual([1, 1]);
  });

  it('that began at one moment are one once they have merged', () => {
    const [one, other] = ['ring_01KQGDDCK0B2QZ', 'ring_01KQGDDCK0K5ZY'];
    const signup = (id: string, hours: number, ...names: string[]): Told => ({
      id,
      fraud: 'a',
      states: names.map((ring, index) => [hours + index * 24, 'admitted', ring] as const),
    });
    const { rings } = scored(signup('a', 0, one), signup('b', 1, other), signup('c', 2, other, one));
    expect([rings.found, rings.truths[0]?.completeness]).toEqual([1, 1]);
  });

  it('stay two where a member of one has come into an older one', () => {
    const moved: Told['states'] = [
      [0, 'admitted', 'ring_2'],
      [2, 'admitted', 'ring_1'],
    ];
    const { rings } = scored(
      { id: 'a', fraud: 'a', states: moved },
      { id: 'b', fraud: 'a', states: [[0, 'admitted', 'ring_1']] },
      { id: 'c', fraud: 'c', states: [[0, 'admitted', 'ring_2']] },
      { id: 'd', fraud: 'c', states: [[3, 'admitted', 'ring_2']] },
    );
    expect([rings.found, rings.purity]).toEqual([2, 1]);
  });

  it('are never met when nobody is held', () => {
    const { rings } = scored({ id: 'a', fraud: 'r', states: [[0, 'admitted']] });
    expect(rings.truths[0]?.minutesToFirstHold).toBeNull();
  });
});

describe('shares', () => {
  it("have Wilson's interval", () => {
    const { low, high } = shareOf(0, 100);
    expect([low, high].map((bound) => bound.toFixed(4))).toEqual(['0.0000', '0.0370']);
    const half = shareOf(50, 100);
    expect([half.low.toFixed(3), half.high.toFixed(3)]).toEqual(['0.404', '0.596']);
    expect(shareOf(0, 0).share).toBeNull();
  });
});

describe('the timeline', () => {
  it('has every signup once, and exchanges that add up', () => {
    const stories = storiesOf([
      { id: 'a', fraud: 'r', states: [[0, 'held']] },
      {
        id: 'b',
        fraud: 'r',
        signup: 3,
        firstUse: 4,
        states: [
          [3, 'admitted'],
          [25, 'held'],
        ],
      },
      { id: 'c', fraud: 'r', states: [[0, 'limited']] },
      { id: 'h', signup: 9, states: [[9, 'admitted']] },
    ]);
    const timeline = timelineOf([...stories.all()], {
      bins: 40,
      drawing: { quotas: limitsOf(prices), rings: stories.rings },
    });
    const sum = (name: string) =>
      (timeline.signups.get(name) ?? [])
        .map(({ heldAtSignup, heldLater, limited, admitted }) => [heldAtSignup, heldLater, limited, admitted])
        .reduce((all, bin) => all.map((value, index) => value + (bin[index] ?? 0)), [0, 0, 0, 0]);
    expect(sum('T2')).toEqual([1, 1, 1, 0]);
    expect(sum('honest')).toEqual([0, 0, 0, 1]);
    const drawn = timeline.exchanges.reduce((all, bin) => all + bin.drawn, 0);
    const wanted = timeline.exchanges.reduce((all, bin) => all + bin.wanted, 0);
    expect(wanted).toBeCloseTo(587.5, 6);
    expect(drawn).toBeCloseTo(87.5 + 100, 6);
  });

  it("draws what the scorecard counts, the ring's quota of each day included", () => {
    const use = { fraud: 'r', firstUse: 20, lastUse: 44, perDay: 40 } as const;
    const states = [[0, 'limited', 'ring_1']] as const;
    const stories = storiesOf(['a', 'b', 'c'].map((id) => ({ id, ...use, states })));
    const drawing = { quotas: limitsOf(prices), rings: stories.rings };
    const { exchanges } = timelineOf([...stories.all()], { bins: 160, drawing });
    const [drawn, wanted] = [
      exchanges.reduce((sum, bin) => sum + bin.drawn, 0),
      exchanges.reduce((sum, bin) => sum + bin.wanted, 0),
    ];
    expect([drawn, wanted].map((sum) => Math.round(sum))).toEqual([80, 120]);
    expect(scoreCampaign(stories, prices).attack.exchanges.preventedWithLimits).toBeCloseTo(1 - drawn / wanted, 9);
  });
});

describe('outcomes of another campaign', () => {
  it('are told by the accounts that have none, and by those that nobody knows', () => {
    const stories = storiesOf(['a', 'b', 'c', 'd'].map((id) => ({ id, fraud: 'r', states: [] })));
    stories.addOutcome({ kind: 'decision', at: iso(0), type: 'signup', account_id: 'a', state: 'admitted' });
    for (const at of [iso(0), iso(1)])
      stories.addOutcome({ kind: 'decision', at, type: 'signup', account_id: 'z', state: 'admitted' });
    expect(mismatchOf(stories)).toEqual([
      '3 of 4 accounts of the truth have no decision of their signup (b, c, d)',
      '1 accounts with outcomes are not in the truth (z)',
    ]);
  });

  it('are not found where each account has its decision', () => {
    expect(mismatchOf(storiesOf([{ id: 'a', fraud: 'r', states: [[0, 'admitted']] }]))).toEqual([]);
  });
});
