import { signalPortsFor } from '../../src/adapters/identity/signal-ports.js';
import { MemoryAccessBatches } from '../../src/adapters/memory/access-batches.js';
import { MemoryAccountMemory } from '../../src/adapters/memory/account-memory.js';
import { memoryCaseRecords } from '../../src/adapters/memory/case-records.js';
import { countedBytes } from '../../src/adapters/memory/counted-bytes.js';
import { MemoryDecisionLog } from '../../src/adapters/memory/decision-log.js';
import { fastHash } from '../../src/adapters/memory/fast-hash.js';
import { MemoryFeatureStore } from '../../src/adapters/memory/feature-store.js';
import { MemoryTruth } from '../../src/adapters/memory/memory-truth.js';
import { plainSealer } from '../../src/adapters/memory/plain-sealer.js';
import { MemoryRescoreSchedule } from '../../src/adapters/memory/rescore-schedule.js';
import { MemoryRings } from '../../src/adapters/memory/rings.js';
import { caseDueAt, casePriority } from '../../src/cases/case-priority.js';
import { evaluateEvent } from '../../src/evaluate/evaluate-event.js';
import type { EvaluatorPorts } from '../../src/evaluate/evaluator-ports.js';
import { prepareSnapshot } from '../../src/evaluate/prepare-snapshot.js';
import { type DueResult, rescoreDue } from '../../src/evaluate/rescore-due.js';
import { type IdPrefix, newId as makeId } from '../../src/model/ids.js';
import { parseEvent } from '../../src/model/parse-event.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import type { SignalPorts } from '../../src/signals/signal-context.js';
import { allOfCases } from './all-of-cases.js';
import { MemoryEventLedger } from './memory-event-ledger.js';

/** The story on memory adapters and a clock of its own, for one rule set; of addresses it knows what `ip` says. */
export function memoryStory(rules: ReadonlyMap<string, string>, startAt: number, ip?: SignalPorts['ip']) {
  const { ruleSet, errors } = loadRuleSet({ files: rules, now: startAt });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  const clock = { at: startAt, now: () => clock.at };
  const random = countedBytes();
  const newId = (prefix: IdPrefix) => makeId(prefix, clock.at, random);
  const truth = new MemoryTruth();
  const listener = { ruleHit: () => undefined, fuseBlown: () => undefined };
  const ports = signalPortsFor({ tables: undefined, databases: [] })(ruleSet.lists);
  const snapshot = prepareSnapshot(ruleSet, { ports: { ...ports, ip: ip ?? ports.ip }, hash: fastHash, listener });
  const features = new MemoryFeatureStore();
  const story: EvaluatorPorts = {
    snapshot: () => snapshot,
    ledger: new MemoryEventLedger(clock),
    memory: new MemoryAccountMemory(),
    features,
    rings: new MemoryRings(ruleSet.links.map(({ spec }) => spec)),
    log: new MemoryDecisionLog(truth),
    listener: { accessCommitted: async () => undefined },
    cases: {
      priority: (score, ringSize, cost) => casePriority({ score, ringSize, cost }),
      dueAt: (openedAt, priority, sla) => caseDueAt({ priority, openedAt, ...sla }),
    },
    clock,
    elapsed: () => 0,
    random,
    hashIdentifier: fastHash,
    hashBody: (canonical) => fastHash('body', canonical),
    sealer: plainSealer,
    eventTime: 'trusted',
    eventNow: async () => clock.now(),
  };
  const schedule = new MemoryRescoreSchedule(truth, newId);
  const cases = allOfCases(memoryCaseRecords(truth), { claimSecret: 'of a test', random });
  return {
    truth,
    clock,
    story,
    schedule,
    cases,
    records: memoryCaseRecords(truth),
    batches: new MemoryAccessBatches(truth),
    newId,
    /** Decides an event at the clock's time. */
    async evaluate(body: object) {
      const event = parseEvent({ occurred_at: new Date(clock.at).toISOString(), ...body });
      if (!event.ok) throw new Error(JSON.stringify(event.error));
      const evaluated = await evaluateEvent(event.value, story);
      if (!evaluated.ok) throw new Error(JSON.stringify(evaluated.error));
      return evaluated.value.decision;
    },
    /** Moves the clock and judges whoever is due by then, each at its own time. */
    async passTo(at: number): Promise<DueResult[]> {
      const results: DueResult[] = [];
      for (let next = schedule.nextAt(); next !== undefined && next <= at; next = schedule.nextAt()) {
        clock.at = Math.max(clock.at, next);
        for (const due of await schedule.take(clock.at, 10)) results.push(await rescoreDue(due, { story, schedule }));
      }
      clock.at = at;
      return results;
    },
    accessOf: async (accountId: string) => (await story.log.status(accountId))?.access,
  };
}
