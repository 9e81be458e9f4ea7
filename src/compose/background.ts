import { startVerificationConsumer } from '../adapters/bullmq/verification-consumer.js';
import { openVerificationQueue } from '../adapters/bullmq/verification-queue.js';
import { createBodyHash } from '../adapters/crypto/body-hash.js';
import { createSealer } from '../adapters/crypto/sealer.js';
import { SqlAccessTruth } from '../adapters/postgres/access-truth.js';
import { SqlEvidenceHistory } from '../adapters/postgres/evidence-history.js';
import { gateEntriesAfter } from '../adapters/postgres/gate-entries.js';
import { heldWithoutCase } from '../adapters/postgres/held-without-case.js';
import { ensureEpoch } from '../adapters/postgres/meta.js';
import { SqlOutbox } from '../adapters/postgres/outbox.js';
import { SqlQueueFigures } from '../adapters/postgres/queue-figures.js';
import { rehashBodies } from '../adapters/postgres/rehash-bodies.js';
import { vacuumRegularly } from '../adapters/postgres/vacuum.js';
import { createVerificationNeeds } from '../adapters/postgres/verification-needs.js';
import { RedisAccountMemory } from '../adapters/redis/account-memory.js';
import { RedisFeatureStore } from '../adapters/redis/feature-store.js';
import { redisEpoch } from '../adapters/redis/redis-epoch.js';
import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import { observeEvidence } from '../evaluate/observe-evidence.js';
import { startBodyRehasher } from '../workers/body-rehasher.js';
import { startWorkers } from '../workers/start-workers.js';
import { caseUpkeep, verificationRecorder } from './case-services.js';
import { clock, gateProjection, newId, type Parts } from './parts.js';
import { providerWork, startVerificationWork } from './verification.js';

/** Everything that goes on behind the answers. */
export async function startBackground(parts: Parts, ports: EvaluatorPorts) {
  const { config, log, metrics, pepper, truth, store, history } = parts;
  const database = truth.background;
  const truthOfAccess = new SqlAccessTruth(database);
  const jobs = await openVerificationQueue(store.addressing, {
    onError: (error) => log.debug({ error }, 'verification queue'),
  });
  const features = new RedisFeatureStore(store.relay);
  const memory = new RedisAccountMemory(store.relay, createSealer(pepper), { rejects: true });
  const proofs = new SqlEvidenceHistory(database);
  const { schedule } = parts.holds;
  const evidence = {
    story: ports,
    memory,
    features,
    history: proofs,
    traces: proofs,
    schedule,
    eventNow: ports.eventNow,
  };
  const keeper = history.startKeeper(ports);
  const holdWork = parts.holds.start(ports, {
    onChanged: () => parts.committed.tell(),
    countMissed: () => keeper.countMissed(),
  });
  const workers = await startWorkers({
    onDelivered: ({ kind }) => kind === 'ring_detected' && holdWork.ringDetected(),
    outbox: new SqlOutbox(database),
    truth: truthOfAccess,
    projection: gateProjection(store.relay, parts.truthWatch),
    jobs,
    features,
    memory,
    observeEvidence: (id) => observeEvidence(id, evidence),
    log: ports.log,
    cases: caseUpkeep(parts, database),
    heldWithoutCase: (limit) => heldWithoutCase(database, limit),
    recordVerification: verificationRecorder(parts, database),
    queue: new SqlQueueFigures(database),
    entriesAfter: (accountId, limit) => gateEntriesAfter(database, accountId, limit),
    epoch: {
      expected: () => ensureEpoch(database, newId('epoch')),
      isOurs: (epoch) => parts.truthWatch.isOurs && parts.truthWatch.epoch === epoch,
      mayRebuild: () => parts.evictionWatch.mayRebuild,
      ...redisEpoch(store.relay),
    },
    clock,
    consume: (work) => startVerificationConsumer({ addressing: store.addressing, ...work }),
    announce: (items) => parts.integrations.announce(items),
    canDeliver: () => store.relay.isAvailable,
    ...providerWork(parts, createVerificationNeeds(database)),
    logger: log,
    metrics,
  });
  const sending = parts.integrations.startSending();
  const sealing = parts.integrations.startSealing();
  const verifications = startVerificationWork(parts);
  const { holds, rings } = parts;
  const budget = parts.rollout.startBudgetWatch(() => parts.committed.tell());
  const ringWorker = await rings.startWorker({ snapshot: ports.snapshot, schedule: holds.schedule });
  const { ofFormer } = createBodyHash(pepper);
  const rehashing = startBodyRehasher({ rehash: () => rehashBodies(database, ofFormer), log });
  const stopVacuum = config.DATABASE_URL === undefined ? vacuumRegularly(database, log) : () => undefined;
  return {
    wake() {
      workers.wake();
      ringWorker.wake();
    },
    async stop() {
      stopVacuum();
      // At the same time: one that waits for a store that hangs must not keep the others from being told.
      const running = [ringWorker, keeper, verifications, budget, holdWork, workers, sending, sealing, rehashing];
      await Promise.all(running.map((work) => work.stop()));
      await jobs.close();
    },
  };
}
