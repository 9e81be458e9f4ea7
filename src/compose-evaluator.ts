import { createEventSealer } from './adapters/crypto/event-sealer.js';
import { createSealer } from './adapters/crypto/sealer.js';
import { textDigest } from './adapters/crypto/text-digest.js';
import { SqlDecisionLog } from './adapters/postgres/decision-log.js';
import { RedisAccountMemory } from './adapters/redis/account-memory.js';
import { RedisEventLedger } from './adapters/redis/event-ledger.js';
import { RedisFeatureStore } from './adapters/redis/feature-store.js';
import { RedisGateProjection } from './adapters/redis/gate-projection.js';
import { orElse } from './adapters/within.js';
import { caseDueAt, casePriority } from './cases/case-priority.js';
import { clock, elapsed, gateProjectionOptions, type Parts, publishSoon, random } from './compose-parts.js';
import type { EvaluatorPorts } from './evaluate/evaluator-ports.js';
import { timedTrips } from './features/timed-trips.js';
import { onlyWholeHistory } from './features/whole-history.js';

/** The story's ports, on this installation's stores. */
export function evaluatorPorts(parts: Parts): EvaluatorPorts {
  const { config, pepper, hashIdentifier, truth, store, rules, history, rings, committed, admission } = parts;
  const projection = new RedisGateProjection(store.hot, gateProjectionOptions);
  return {
    snapshot: () => rules.live.snapshot(),
    candidate: config.REPORT_RULES_DIR === undefined ? undefined : () => parts.candidate.current(),
    ledger: new RedisEventLedger(store.hot),
    memory: new RedisAccountMemory(store.hot, createSealer(pepper)),
    features: timedTrips(
      onlyWholeHistory(new RedisFeatureStore(store.hot), () => history.isWhole()),
      elapsed,
      (ms) => admission.tripTook(ms),
    ),
    rings: rings.store,
    log: new SqlDecisionLog(truth.database, { deadlineMs: truth.commitDeadlineMs }),
    listener: {
      // A key is its first announcer's, which the truth alone knows: the gate asks it when the key is first used.
      accessCommitted: (access) => {
        committed.tell();
        return publishSoon(projection, access);
      },
    },
    cases: {
      priority: (score, ringSize, cost) => casePriority({ score, ringSize, cost }),
      dueAt: (openedAt, priority, sla) => caseDueAt({ priority, openedAt, ...sla }),
    },
    orElse,
    clock,
    elapsed,
    random,
    hashIdentifier,
    hashBody: (canonical) => textDigest('sha256', canonical),
    sealer: createEventSealer(pepper),
    eventTime: config.EVENT_TIME,
  };
}
