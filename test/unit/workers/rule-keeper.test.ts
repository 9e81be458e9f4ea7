import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryHoldBudget } from '../../../src/adapters/memory/hold-budget.js';
import { MemoryTruth } from '../../../src/adapters/memory/memory-truth.js';
import { MemoryRuleLedger } from '../../../src/adapters/memory/rule-ledger.js';
import { AccountSketch } from '../../../src/evaluate/account-sketch.js';
import { RuleActivity } from '../../../src/evaluate/rule-activity.js';
import { RuleBook } from '../../../src/evaluate/rule-book.js';
import { hourMs } from '../../../src/evaluate/rule-counts.js';
import type { CountBatch, RecordedFuse } from '../../../src/evaluate/rule-ledger.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import type { RuleSet } from '../../../src/ruleset/rule-set.js';
import { silentLogger } from '../../../src/telemetry/logger.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { watchBudget } from '../../../src/workers/budget-watch.js';
import { type RuleKeeper, startRuleKeeper } from '../../../src/workers/rule-keeper.js';
import { rightRules, ruleFiles, today } from '../../support/rule-files.js';
import { aPolicy } from '../../support/rule-hit-builder.js';

const id = 'payment-many-accounts';

function ruleSetOf(text: string): RuleSet {
  const { ruleSet, errors } = loadRuleSet({ files: ruleFiles(text), now: today });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  return ruleSet;
}
const fused = ruleSetOf(rightRules.replace('share: 5%, min: 50', 'share: 50%, min: 2'));

/** A ledger that can be away, and that can lose its answer after it has written. */
class ShakyLedger extends MemoryRuleLedger {
  away = false;
  losesAnswers = false;

  override async add(batch: CountBatch): Promise<void> {
    if (this.away) throw new Error('the database is away');
    await super.add(batch);
    if (this.losesAnswers) throw new Error('no answer in time');
  }

  override async blow(fuse: RecordedFuse): Promise<boolean> {
    if (this.away) throw new Error('the database is away');
    return super.blow(fuse);
  }
}

function anInstance(ledger: MemoryRuleLedger, name: string, ruleSet = fused) {
  const book = new RuleBook();
  const use = (set: RuleSet): RuleActivity => {
    const activity = new RuleActivity(set, { ruleHit: () => undefined, fuseBlown: () => undefined }, () => 0);
    book.attach(activity, today);
    return activity;
  };
  use(ruleSet);
  const keeper = startRuleKeeper({
    book,
    ledger,
    clock: { now: () => today },
    instance: name,
    log: silentLogger,
    metrics: createMetrics(),
    onLooked: () => undefined,
  });
  const fire = (set = ruleSet) => {
    const slots = set.newSlots();
    slots[set.slotOf('accounts_per_card_90d') ?? -1] = 5;
    const activity = book.activity;
    if (activity === undefined) throw new Error('no set in use');
    const findings = set.judge('signup', slots, { accountId: 'a', now: today, blownRules: activity.blownRules });
    const decided = {
      outcome: 'hold',
      score: 40,
      hits: findings.hits,
      verify: [],
      publicReason: null,
      shadow: [],
    } as const;
    activity.record({ type: 'signup', accountId: 'a', slots, findings, decided, at: today });
    return findings;
  };
  return { book, keeper, fire, use };
}

const evaluated = async (ledger: MemoryRuleLedger) =>
  (await ledger.totals(null)).find(({ rule }) => rule === id)?.counts.evaluated ?? 0;

describe('keeping what rules do', () => {
  let ledger: ShakyLedger;
  const keepers: RuleKeeper[] = [];
  const instance = (name: string, ruleSet?: RuleSet) => {
    const made = anInstance(ledger, name, ruleSet);
    keepers.push(made.keeper);
    return made;
  };
  beforeEach(() => {
    ledger = new ShakyLedger();
  });
  afterEach(async () => {
    await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
  });

  it('writes what was counted when it stops', async () => {
    const one = instance('one');
    for (let n = 0; n < 5; n++) one.fire();
    await one.keeper.stop();
    expect(await evaluated(ledger)).toBe(5);
  });

  it('counts nothing twice when an answer was lost, and nothing less when the ledger was away', async () => {
    const one = instance('one');
    await one.keeper.look();
    one.fire();
    ledger.losesAnswers = true;
    await one.keeper.stop();
    expect(await evaluated(ledger)).toBe(1);
    ledger.losesAnswers = false;
    ledger.away = true;
    one.fire();
    await one.keeper.stop();
    expect(await evaluated(ledger)).toBe(1);
    ledger.away = false;
    await one.keeper.stop();
    expect(await evaluated(ledger)).toBe(2);
  });

  it('counts on for requests that began with a set that has been replaced', async () => {
    const one = instance('one');
    const first = one.book.activity;
    one.fire();
    one.use(ruleSetOf(rightRules.replace('points: 40', 'points: 41')));
    expect(one.book.activity).not.toBe(first);
    const { rules } = one.book.drain(today);
    expect(rules.filter(({ rule }) => rule === id)).toMatchObject([{ counts: { evaluated: 1, live: 1 } }]);
  });

  it('lets every instance follow a fuse, from the first event of a new one on', async () => {
    const one = instance('one');
    for (let n = 0; n < 2; n++) expect(one.fire().hits).toHaveLength(1);
    expect(one.fire().hits).toHaveLength(0);
    await one.keeper.look();
    const two = instance('two');
    await two.keeper.look();
    expect(two.fire()).toMatchObject({ hits: [], shadowHits: [{ rule: { id } }] });
    expect(ledger.told).toMatchObject([{ rule: id, hits: 2, events: 2, instance: 'one' }]);
  });

  it('keeps a fuse blown while the ledger is away, and records it afterwards', async () => {
    const one = instance('one');
    await one.keeper.look();
    ledger.away = true;
    for (let n = 0; n < 2; n++) one.fire();
    await expect(one.keeper.look()).rejects.toThrow('away');
    expect(one.fire().hits).toHaveLength(0);
    ledger.away = false;
    await one.keeper.look();
    expect(ledger.told).toHaveLength(1);
  });

  it('records every fuse once, also when it is looked from several sides at the same time', async () => {
    const one = instance('one');
    for (let n = 0; n < 2; n++) one.fire();
    await Promise.all(Array.from({ length: 5 }, () => one.keeper.look()));
    expect(ledger.told).toHaveLength(1);
    expect(one.fire().hits).toHaveLength(0);
  });

  it('lets the rule count again after a reset, or when it says something else', async () => {
    const one = instance('one');
    for (let n = 0; n < 2; n++) one.fire();
    await one.keeper.look();
    await ledger.resetFuse(id, 'key_author', today + 1);
    await one.keeper.look();
    expect(one.fire().hits).toHaveLength(1);

    const two = instance('two', ruleSetOf(rightRules));
    for (let n = 0; n < 2; n++) one.fire();
    await one.keeper.look();
    await two.keeper.look();
    expect(two.fire(ruleSetOf(rightRules)).hits).toHaveLength(1);
  });

  it('tells since when rules have their mode', async () => {
    const one = instance('one');
    await one.keeper.look();
    const [state] = (await ledger.states()).filter(({ rule }) => rule === id);
    expect(state).toMatchObject({ mode: 'live', definedAt: today, modeSince: today });
  });
});

describe('watching the budget', () => {
  async function watching(held: number, evaluated: number) {
    const ledger = new MemoryRuleLedger();
    const sketch = AccountSketch.empty();
    for (let n = 0; n < evaluated; n++) sketch.add(`a${n}`);
    const hour = Math.floor(today / hourMs) * hourMs;
    await ledger.add({ writer: 'one', batch: 1, rules: [], exceptions: [], accounts: [{ hour, sketch }] });
    const truth = new MemoryTruth();
    const budget = new MemoryHoldBudget(truth);
    budget.heldSince = async () => ({ held, honest: 1 });
    const metrics = createMetrics();
    const changed: string[] = [];
    const ports = {
      ledger,
      held: budget,
      policy: () => aPolicy(),
      clock: { now: () => today },
      log: silentLogger,
      metrics,
      onChanged: () => changed.push('told'),
    };
    return { ports, budget, metrics, changed };
  }

  it('alerts once when more are held than policy allows', async () => {
    const { ports, budget, metrics, changed } = await watching(20, 1000);
    for (let n = 0; n < 3; n++) expect((await watchBudget(ports)).exceeded).toBe(true);
    expect(budget.told).toHaveLength(1);
    expect(changed).toEqual(['told']);
    expect(await metrics.text()).toContain('portcullis_budget_exceeded 1');
  });

  it('is quiet below it, and while there are too few accounts to say', async () => {
    for (const [held, evaluated] of [
      [4, 1000],
      [3, 20],
    ] as const) {
      const { ports, budget, metrics } = await watching(held, evaluated);
      expect((await watchBudget(ports)).exceeded).toBe(false);
      expect(budget.told).toEqual([]);
      expect(await metrics.text()).toContain('portcullis_budget_exceeded 0');
    }
  });
});
