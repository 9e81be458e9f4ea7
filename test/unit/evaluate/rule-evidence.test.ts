import { describe, expect, it } from '@jest/globals';
import { type AdviceInput, adviseOn } from '../../../src/evaluate/rollout-advice.js';
import { noCounts } from '../../../src/evaluate/rule-counts.js';
import {
  type DecidedHits,
  EvidenceCollector,
  type EvidenceRange,
  type EvidenceReport,
  gatherEvidence,
} from '../../../src/evaluate/rule-evidence.js';

const at = Date.parse('2026-05-01T12:00:00.000Z');
let number = 0;

const decision = (accountId: string, given: Partial<DecidedHits> = {}): DecidedHits => ({
  id: `dec_${++number}`,
  accountId,
  decidedAt: at,
  outcome: 'allow',
  rules: [],
  shadow: [],
  without: [],
  label: null,
  verified: false,
  ...given,
});
const would = (outcome: 'allow' | 'limit' | 'hold' | 'deny') => [{ rule: 'tried', outcome }];

function reportOf(
  decisions: readonly DecidedHits[],
  { definedAt = new Map(), forPeople = new Set() }: Partial<Omit<EvidenceRange, 'since'>> = {},
): EvidenceReport {
  const collector = new EvidenceCollector({ since: at, definedAt, forPeople });
  for (const one of decisions) collector.add(one);
  return collector.report(true);
}

describe('what decisions say of a rule', () => {
  it('counts accounts, decisions that would change and in which direction', () => {
    const evidence = reportOf([
      decision('a', { shadow: would('hold') }),
      decision('a', { shadow: would('hold') }),
      decision('b', { shadow: would('limit') }),
      decision('c', { outcome: 'hold', shadow: would('hold') }),
      decision('d', { outcome: 'limit', shadow: would('allow') }),
    ]).rules.get('tried');
    expect(evidence).toMatchObject({ decisions: 5, accounts: 4, newlyHeld: 1, newlyLimited: 1 });
    expect(evidence?.changes).toEqual([
      { from: 'allow', to: 'hold', decisions: 2 },
      { from: 'allow', to: 'limit', decisions: 1 },
      { from: 'limit', to: 'allow', decisions: 1 },
    ]);
  });

  it('tells of a rule that counts what is different with it, and whom nothing else holds', () => {
    const alone = [{ rule: 'live', outcome: 'allow' as const }];
    const { rules } = reportOf([
      decision('a', { outcome: 'hold', rules: ['live', 'other'], without: alone }),
      decision('b', { outcome: 'limit', rules: ['live'], without: alone, label: 'honest' }),
      decision('c', { outcome: 'hold', rules: ['live', 'other'] }),
      decision('d', { rules: ['trust'], without: [{ rule: 'trust', outcome: 'hold' }] }),
    ]);
    expect(rules.get('live')).toMatchObject({ accounts: 3, newlyHeld: 1, newlyLimited: 1, honestPay: 1 });
    expect(rules.get('live')?.changes).toEqual([
      { from: 'allow', to: 'hold', decisions: 1 },
      { from: 'allow', to: 'limit', decisions: 1 },
    ]);
    expect(rules.get('other')).toMatchObject({ accounts: 2, changes: [], newlyHeld: 0 });
    expect(rules.get('trust')).toMatchObject({ changes: [{ from: 'hold', to: 'allow', decisions: 1 }], newlyHeld: 0 });
  });

  it('takes precision and recall from labels only, and never takes silence for honesty', () => {
    const evidence = reportOf([
      decision('fraud-1', { label: 'fraud', shadow: would('hold') }),
      decision('fraud-2', { label: 'fraud' }),
      decision('honest', { label: 'honest', shadow: would('hold') }),
      decision('nobody-knows', { shadow: would('hold') }),
    ]).rules.get('tried');
    expect(evidence?.precision).toMatchObject({ count: 1, of: 2, share: 0.5 });
    expect(evidence?.recall).toMatchObject({ count: 1, of: 2 });
  });

  it('counts the honest who would pay: by label, or verified', () => {
    const { rules } = reportOf([
      decision('honest', { label: 'honest', shadow: would('hold') }),
      decision('verified', { verified: true, shadow: would('limit') }),
      decision('verified-fraud', { verified: true, label: 'fraud', shadow: would('limit') }),
      decision('let-through', { label: 'honest', outcome: 'limit', shadow: would('allow') }),
      decision('held', { label: 'honest', outcome: 'hold', rules: ['live'] }),
      decision('not-held', { label: 'honest', rules: ['live'] }),
    ]);
    expect(rules.get('tried')?.honestPay).toBe(2);
    expect(rules.get('live')?.honestPay).toBe(1);
  });

  it('names the rules that fire on the same accounts', () => {
    const { rules } = reportOf([
      decision('a', { rules: ['one', 'two'], shadow: would('hold') }),
      decision('b', { rules: ['one'], shadow: would('hold') }),
      decision('c', { rules: ['two'] }),
    ]);
    expect(rules.get('tried')?.overlap).toEqual([
      { rule: 'one', accounts: 2, share: 1 },
      { rule: 'two', accounts: 1, share: 0.5 },
    ]);
  });

  it('leaves out what was decided while the rule said something else', () => {
    const { rules, decisions } = reportOf(
      [decision('a', { shadow: would('hold') }), decision('b', { decidedAt: at - 1, shadow: would('hold') })],
      { definedAt: new Map([['tried', at]]) },
    );
    expect(rules.get('tried')?.accounts).toBe(1);
    expect(decisions).toBe(2);
  });

  it('is read in pages, up to a number, and says when there were more', async () => {
    const all = Array.from({ length: 25 }, (_, n) => decision(`a${n}`, { shadow: would('hold') }));
    const asked: number[] = [];
    const source = {
      async page(_since: number, { before, limit }: { before?: { id: string } | undefined; limit: number }) {
        asked.push(limit);
        const start = before === undefined ? 0 : all.findIndex(({ id }) => id === before.id) + 1;
        return all.slice(start, start + limit);
      },
    };
    const range: EvidenceRange = { since: at, definedAt: new Map(), forPeople: new Set() };
    const breathe = async () => undefined;
    expect(await gatherEvidence(source, range, { most: 100, pageSize: 10, breathe })).toMatchObject({
      decisions: 25,
      complete: true,
    });
    expect(await gatherEvidence(source, range, { most: 15, pageSize: 10, breathe })).toMatchObject({
      decisions: 15,
      complete: false,
    });
    expect(asked).toEqual([10, 10, 10, 10, 5]);
  });
});

describe('advice on a rule', () => {
  const labelled = (fraud: number, honest: number) => {
    const decisions = [
      ...Array.from({ length: fraud }, (_, n) => decision(`f${n}`, { label: 'fraud', shadow: would('hold') })),
      ...Array.from({ length: honest }, (_, n) => decision(`h${n}`, { label: 'honest', shadow: would('hold') })),
      ...Array.from({ length: 2000 }, (_, n) => decision(`n${n}`)),
    ];
    const report = reportOf(decisions);
    const evidence = report.rules.get('tried');
    if (evidence === undefined) throw new Error('no evidence');
    return { report, evidence };
  };
  const input = (fraud: number, honest: number, more: Partial<AdviceInput> = {}): AdviceInput => ({
    side: 'against',
    counts: { ...noCounts(), evaluated: 5000 },
    watchedMs: 3 * 86_400_000,
    budget: 0.005,
    isBlown: false,
    ...labelled(fraud, honest),
    ...more,
  });

  it('lets a rule count that has been watched, is right and spares the honest', () => {
    expect(adviseOn(input(30, 1))).toEqual({ recommendation: 'promote', reasons: [] });
  });

  it.each([
    ['was watched too briefly', input(30, 1, { watchedMs: 3_600_000 }), 'watched for 1.0 hours of 24'],
    ['saw too few events', input(30, 1, { counts: { ...noCounts(), evaluated: 10 } }), '10 events of its types'],
    ['has too few labels', input(5, 0), 'fired on 5 labelled accounts of the 20'],
    ['may be wrong too often', input(20, 6), 'its precision may be as low as'],
  ])('waits while the rule %s', (_why, given, reason) => {
    const { recommendation, reasons } = adviseOn(given);
    expect(recommendation).toBe('watch');
    expect(reasons.join('; ')).toContain(reason);
  });

  it.each([
    ['its fuse has blown', input(30, 1, { isBlown: true }), 'its fuse has blown'],
    ['it is rather wrong than right', input(4, 40), 'and 50 % would be a coin'],
    ['honest people pay more than the budget', input(300, 40), 'are honest and would pay'],
  ])('withdraws a rule when %s', (_why, given, reason) => {
    const { recommendation, reasons } = adviseOn(given);
    expect(recommendation).toBe('withdraw');
    expect(reasons.join('; ')).toContain(reason);
  });

  /** Accounts that are limited or held today and would be let in, by their label, and as many that it fires on in vain. */
  const freeing = (fraud: number, honest: number, more: Partial<AdviceInput> = {}): AdviceInput => {
    const freed = (label: 'fraud' | 'honest', count: number) =>
      Array.from({ length: count }, (_, n) =>
        decision(`${label}-${n}`, { label, outcome: 'limit', shadow: would('allow') }),
      );
    const inVain = Array.from({ length: 500 }, (_, n) => decision(`n${n}`, { label: 'fraud', shadow: would('allow') }));
    const report = reportOf([...freed('fraud', fraud), ...freed('honest', honest), ...inVain]);
    const evidence = report.rules.get('tried');
    if (evidence === undefined) throw new Error('no evidence');
    return input(1, 0, { side: 'for', report, evidence, ...more });
  };

  it.each(['for', 'unknown'] as const)(
    'asks of a rule that lets people in how many of them were fraud, where that is %s from its points',
    (side) => {
      expect(adviseOn(freeing(1, 60, { side }))).toEqual({ recommendation: 'promote', reasons: [] });
      expect(adviseOn(freeing(60, 1, { side }))).toEqual({
        recommendation: 'withdraw',
        reasons: [
          'at least 91 % of the labelled accounts that come out looser with it are fraud, and 50 % would be a coin',
        ],
      });
      expect(adviseOn(freeing(6, 20, { side }))).toEqual({
        recommendation: 'watch',
        reasons: ['as many as 42 % of the accounts that come out looser with it may be fraud; 30 % is the most'],
      });
    },
  );

  it('has no answer for a rule that lets too few labelled people in, whoever else it fires on', () => {
    for (const given of [freeing(0, 0), freeing(5, 5)])
      expect(adviseOn(given)).toMatchObject({
        recommendation: 'watch',
        reasons: [expect.stringContaining('no answer whom it lets in')],
      });
  });

  it('has no answer where a rule can speak for people and against them, and changes nothing or both ways', () => {
    const bothWays = freeing(0, 60, { side: 'unknown' });
    const changes = [...bothWays.evidence.changes, { from: 'allow', to: 'hold', decisions: 1 } as const];
    for (const evidence of [
      { ...bothWays.evidence, changes },
      { ...bothWays.evidence, changes: [] },
    ])
      expect(adviseOn({ ...bothWays, evidence })).toMatchObject({
        recommendation: 'watch',
        reasons: [expect.stringContaining('no answer whether it is right')],
      });
  });

  it('lets nobody pay for a live rule that speaks for them, though they are limited all the same', () => {
    const limited = Array.from({ length: 60 }, (_, n) =>
      decision(`h${n}`, { label: 'honest', outcome: 'limit', rules: ['trust', 'other'] }),
    );
    const { rules } = reportOf(limited, { forPeople: new Set(['trust']) });
    expect(rules.get('trust')?.honestPay).toBe(0);
    expect(rules.get('other')?.honestPay).toBe(60);
  });
});
