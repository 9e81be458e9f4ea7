import type { Database } from '../adapters/postgres/database.js';
import { SqlDecidedHits } from '../adapters/postgres/decided-hits.js';
import { SqlHoldBudget } from '../adapters/postgres/hold-budget.js';
import { SqlRuleLedger } from '../adapters/postgres/rule-ledger.js';
import { candidateName } from '../evaluate/judge-candidate.js';
import type { RuleBook } from '../evaluate/rule-book.js';
import { type EvidenceReport, gatherEvidence } from '../evaluate/rule-evidence.js';
import { rulesForPeople } from '../evaluate/rule-side.js';
import type { LedgerView } from '../evaluate/rule-standing.js';
import { ruleStandings } from '../evaluate/rule-standing.js';
import type { Snapshot } from '../evaluate/snapshot.js';
import type { RuleStandings, RuleStandingsSource } from '../http/http-services.js';
import type { Clock, Instant } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startBudgetWatch } from '../workers/budget-watch.js';
import type { Loop } from '../workers/loop.js';
import { startRuleKeeper } from '../workers/rule-keeper.js';
import { createRuleSetTeller } from '../workers/tell-rule-set.js';

interface RolloutOptions {
  /** For people's requests: the one that waits rather than failing. */
  readonly database: Database;
  /** Its share for what goes on by itself. */
  readonly background: Database;
  readonly book: RuleBook;
  readonly snapshot: () => Snapshot;
  readonly candidate: { current(): Snapshot | undefined };
  readonly instance: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** What rules do, over all instances: counts, fuses, evidence, budget. */
export interface Rollout {
  readonly standings: RuleStandingsSource;
  /** For instances with workers. */
  startBudgetWatch(onChanged: () => void): Loop;
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
/** Pages are small, for the embedded database has one connection. */
const pageSize = 1000;
/** For the list of all rules, which is asked for often. */
const mostForList = 20_000;
const mostForReport = 200_000;
const keepReportMs = 60_000;

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Resolves once it is known which fuses have blown: before the first decision. */
export async function composeRollout(options: RolloutOptions): Promise<Rollout> {
  const { database, background, book, snapshot, clock, log, metrics, instance } = options;
  const ledger = new SqlRuleLedger(database);
  const tell = createRuleSetTeller({ log, metrics });
  const onLooked = () => tell(snapshot().ruleSet, clock.now());
  const kept = new SqlRuleLedger(background);
  const keeper = startRuleKeeper({ book, ledger: kept, clock, instance, log, metrics, onLooked });
  await keeper.look();
  const hits = new SqlDecidedHits(database);
  const report = remembered(clock, async (since, most) => {
    const definedAt = new Map((await ledger.states()).map((state) => [state.rule, state.definedAt]));
    const forPeople = rulesForPeople(snapshot().ruleSet);
    return gatherEvidence(hits, { since, definedAt, forPeople }, { most, pageSize, breathe });
  });
  const standings = async (found: EvidenceReport): Promise<RuleStandings> => {
    const { ruleSet, activity } = snapshot();
    const now = clock.now();
    return {
      report: found,
      rules: ruleStandings({ ruleSet, activity, ledger: await readLedger(ledger, now), report: found, now }),
    };
  };
  return {
    standings: {
      current: async () => standings(await report('list', clock.now() - weekMs, mostForList)),
      since: async (since) => standings(await report(`since ${since}`, since, mostForReport)),
      async resetFuse(rule, actor) {
        const wasBlown = await ledger.resetFuse(rule, actor, clock.now());
        await keeper.look();
        return wasBlown;
      },
      candidate: () => {
        const set = options.candidate.current();
        return set === undefined ? undefined : candidateName(set);
      },
      blown: () => book.blownFuses.filter((fuse) => snapshot().activity.blownRules.has(fuse.rule)),
    },
    startBudgetWatch: (onChanged) =>
      startBudgetWatch({
        ledger: kept,
        held: new SqlHoldBudget(background),
        policy: () => snapshot().ruleSet.policy,
        clock,
        log,
        metrics,
        onChanged,
      }),
    stop: () => keeper.stop(),
  };
}

async function readLedger(ledger: SqlRuleLedger, now: Instant): Promise<LedgerView> {
  const [day, week, all, exceptions, states, fuses] = await Promise.all([
    ledger.totals(now - dayMs),
    ledger.totals(now - weekMs),
    ledger.totals(null),
    ledger.exceptionUses(),
    ledger.states(),
    ledger.blownFuses(),
  ]);
  return { day, week, all, exceptions, states, fuses };
}

/** Reading decisions takes a while: whoever asks the same within a minute gets the same answer. */
function remembered(clock: Clock, gather: (since: Instant, most: number) => Promise<EvidenceReport>) {
  const kept = new Map<string, { readonly at: Instant; readonly report: Promise<EvidenceReport> }>();
  return (key: string, since: Instant, most: number): Promise<EvidenceReport> => {
    const now = clock.now();
    for (const [old, { at }] of kept) if (now - at > keepReportMs) kept.delete(old);
    const known = kept.get(key);
    if (known !== undefined) return known.report;
    const report = gather(since, most);
    kept.set(key, { at: now, report });
    report.catch(() => kept.delete(key));
    return report;
  };
}
