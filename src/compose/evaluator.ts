import { createBodyHash } from '../adapters/crypto/body-hash.js';
import { createEventSealer } from '../adapters/crypto/event-sealer.js';
import { createSealer } from '../adapters/crypto/sealer.js';
import { SqlAccessTruth } from '../adapters/postgres/access-truth.js';
import { SqlDecisionLog } from '../adapters/postgres/decision-log.js';
import { RedisAccountMemory } from '../adapters/redis/account-memory.js';
import { RedisEventLedger } from '../adapters/redis/event-ledger.js';
import { RedisFeatureStore } from '../adapters/redis/feature-store.js';
import { orElse } from '../adapters/within.js';
import { caseDueAt, casePriority } from '../cases/case-priority.js';
import type { EvaluatorPorts, KeyAnnouncement } from '../evaluate/evaluator-ports.js';
import { timedTrips } from '../features/timed-trips.js';
import { onlyWholeHistory } from '../features/whole-history.js';
import { isForeignKey } from '../gate/foreign-key.js';
import type { AccessTruth } from '../gate/gate-store.js';
import { clock, elapsed, gateProjection, type Parts, publishSoon, random } from './parts.js';

/** The story's ports, on this installation's stores. */
export function evaluatorPorts(parts: Parts): EvaluatorPorts {
  const { config, pepper, hashIdentifier, truth, store, rules, history, rings, committed, admission, eventNow } = parts;
  const bodies = createBodyHash(pepper);
  const accessTruth = new SqlAccessTruth(truth.background);
  const projection = gateProjection(store.hot, parts.truthWatch);
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
    log: new SqlDecisionLog(truth.database, {
      deadlineMs: truth.commitDeadlineMs,
      onFailed: (error) => parts.commitWatch.failed(error),
    }),
    listener: {
      // A key is its first announcer's, which the truth alone knows: the gate asks it when the key is first used.
      accessCommitted: (access) => {
        committed.tell();
        return publishSoon(projection, access);
      },
      keyAnnounced: (announced) => void tellOfForeignKey(announced, accessTruth, parts),
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
    hashBody: bodies.hash,
    formerHashBody: bodies.former,
    sealer: createEventSealer(pepper),
    eventTime: config.EVENT_TIME,
    eventNow,
  };
}

/** The answer stays as it is: the key is the first announcer's whatever the event says, and somebody should look why. */
async function tellOfForeignKey(announced: KeyAnnouncement, truth: AccessTruth, { log, metrics }: Parts) {
  // What cannot be asked now is no reason to say anything; the gate keeps the keys apart all the same.
  if (!(await isForeignKey(announced, truth).catch(() => false))) return;
  metrics.foreignKeys.inc();
  log.warn(
    { decision_id: announced.decisionId },
    'an API key was announced that belongs to another account: it stays with the account it was announced for first',
  );
}
