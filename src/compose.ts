import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { openVerificationQueue } from './adapters/bullmq/verification-queue.js';
import { createEventSealer } from './adapters/crypto/event-sealer.js';
import { createIdentifierHash } from './adapters/crypto/identifier-hash.js';
import { pooledRandomBytes } from './adapters/crypto/random-bytes.js';
import { createSealer } from './adapters/crypto/sealer.js';
import { textDigest } from './adapters/crypto/text-digest.js';
import { type HotStore, openHotStore } from './adapters/embedded/open-hot-store.js';
import { openTruth, type Truth } from './adapters/embedded/open-truth.js';
import { readConsoleFiles } from './adapters/files/console-files.js';
import { installationSecret } from './adapters/files/secrets.js';
import { SqlAccessTruth } from './adapters/postgres/access-truth.js';
import { SqlAuditTail } from './adapters/postgres/audit-tail.js';
import { createPostgresCaseStore } from './adapters/postgres/case-store.js';
import { createCaseUpkeep, gateEntriesAfter } from './adapters/postgres/case-upkeep.js';
import type { Database } from './adapters/postgres/database.js';
import { SqlDecisionLog } from './adapters/postgres/decision-log.js';
import { ensureEpoch } from './adapters/postgres/meta.js';
import { migrate } from './adapters/postgres/migrate.js';
import { SqlOutbox } from './adapters/postgres/outbox.js';
import { SqlOverview } from './adapters/postgres/overview.js';
import { SqlPastDecisions } from './adapters/postgres/past-decisions.js';
import { SqlRingRecords } from './adapters/postgres/ring-records.js';
import { SqlRuleSetArchive } from './adapters/postgres/rule-set-archive.js';
import { SqlServiceKeys } from './adapters/postgres/service-keys.js';
import { vacuumRegularly } from './adapters/postgres/vacuum.js';
import { RedisAccountMemory } from './adapters/redis/account-memory.js';
import { RedisEventLedger } from './adapters/redis/event-ledger.js';
import { RedisFeatureStore } from './adapters/redis/feature-store.js';
import { RedisGateProjection } from './adapters/redis/gate-projection.js';
import { redisEpoch } from './adapters/redis/redis-epoch.js';
import { createHttpProvider } from './adapters/verification/http-provider.js';
import { announceChanges } from './cases/announce-changes.js';
import { caseDueAt, casePriority } from './cases/case-priority.js';
import { type Candidate, openCandidate } from './compose-candidate.js';
import { composeExplaining, type Explaining } from './compose-explaining.js';
import { composeHistory, type History } from './compose-history.js';
import { composeHolds, type Holds } from './compose-holds.js';
import { openPepper } from './compose-pepper.js';
import { composeRings, type Rings } from './compose-rings.js';
import { composeRollout, type Rollout } from './compose-rollout.js';
import { composeRules, type Rules } from './compose-rules.js';
import type { Config } from './config.js';
import { createEvaluator } from './evaluate/create-evaluator.js';
import type { EvaluatorPorts } from './evaluate/evaluator-ports.js';
import { RuleBook } from './evaluate/rule-book.js';
import { baselineWarmth } from './features/baseline-warmth.js';
import { onlyWholeHistory } from './features/whole-history.js';
import { createGate } from './gate/check-gate.js';
import { createChangeFeed } from './http/console/change-feed.js';
import { createConsoleMount, type PageFile } from './http/console/console-mount.js';
import { keepFigures } from './http/console/overview.js';
import { closeGracefully, createHttpServer } from './http/create-http-server.js';
import type { Access } from './model/access.js';
import type { HashIdentifier } from './model/entity.js';
import { type IdPrefix, newId as makeId } from './model/ids.js';
import type { Logger } from './telemetry/logger.js';
import { createMetrics, type Metrics } from './telemetry/metrics.js';
import { startWorkers } from './workers/start-workers.js';
import { reportsOnly } from './workers/tell-rule-set.js';

/** A running service, not listening yet. */
export interface Service {
  readonly server: Server;
  /** For people: what runs where. */
  readonly lines: readonly (readonly [what: string, where: string])[];
  /** The key for trying, when none was configured. */
  readonly madeKey: string | undefined;
  close(): Promise<void>;
}

const clock = { now: () => Date.now() };
const elapsed = () => performance.now();
const random = pooledRandomBytes;
const newId = (prefix: IdPrefix) => makeId(prefix, Date.now(), random);
const drainMs = 5000;
const gateLifetimeMs = 600_000;

/** The one place where things are constructed. */
export async function composeService(config: Config, log: Logger): Promise<Service> {
  const metrics = createMetrics({ process: true });
  const book = new RuleBook();
  // Nothing is hashed before the first event; by then the pepper is known, which may be the database's.
  let hashIdentifier: HashIdentifier = () => '';
  // Rules with errors, which are the author's most likely slip, are told before anything else is started.
  const rules = await composeRules({
    config,
    log,
    metrics,
    clock,
    hashIdentifier: (type, value) => hashIdentifier(type, value),
    book,
    elapsed,
  });
  const [truth, store] = await Promise.all([openMigratedTruth(config, log, metrics), openStore(config, log, metrics)]);
  const pepper = await openPepper(config, truth, log).catch((error: unknown) => closing([truth, store, rules], error));
  hashIdentifier = createIdentifierHash({ kid: 'k1', secret: pepper });
  const history = await composeHistory({ truth, store, pepper, log, metrics, clock, elapsed, newId });
  const rings = await composeRings({ truth, store, log, metrics, clock, elapsed, newId, eventTime: config.EVENT_TIME });
  const committed: Committed = { tell: () => undefined };
  const holds = composeHolds({ database: truth.patient, members: rings.members, clock, newId, log, metrics });
  const candidate = await openCandidate({ folder: config.REPORT_RULES_DIR, prepare: rules.prepare, log });
  const rollout = await composeRollout({
    database: truth.patient,
    book,
    snapshot: () => rules.live.snapshot(),
    candidate,
    instance: newId('batch'),
    clock,
    log,
    metrics,
  });
  const consoleFiles = await readConsoleFiles(fileURLToPath(new URL('./console', import.meta.url)));
  const parts = {
    consoleFiles,
    config,
    log,
    metrics,
    pepper,
    hashIdentifier,
    truth,
    store,
    rules,
    history,
    rings,
    holds,
    rollout,
    candidate,
    committed,
  };
  const ports = evaluatorPorts(parts);
  const explaining = composeExplaining({ database: truth.patient, rules, ports, log });
  const background = config.ROLES.includes('workers') ? await startBackground(parts, ports) : undefined;
  if (background !== undefined) committed.tell = background.wake;
  const madeKey =
    config.BOOTSTRAP_API_KEY === undefined && config.NODE_ENV !== 'production'
      ? await installationSecret(config.DATA_DIR, 'bootstrap-key', 'pk_admin_')
      : undefined;
  const server = openServer({ ...parts, explaining }, ports, config.BOOTSTRAP_API_KEY ?? madeKey);
  return {
    server,
    madeKey,
    lines: [
      ['database', truth.description],
      ['hot store', store.description],
      ['rules', rules.description],
      ...(rules.live.snapshot().ruleSet.policy.level === 'report' ? [['attention', reportsOnly] as const] : []),
      ['IP data', rules.ipDescription],
      ['work', config.ROLES.join(', ')],
    ],
    async close() {
      await closeGracefully(server, drainMs);
      await background?.stop();
      await rules.close();
      await candidate.close();
      await rollout.stop();
      await explaining.stop();
      await truth.close();
      await store.close();
    },
  };
}

/** A start that fails leaves nothing running behind. */
async function closing(opened: readonly { close(): Promise<void> }[], error: unknown): Promise<never> {
  await Promise.allSettled(opened.map((part) => part.close()));
  throw error;
}

interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly pepper: string;
  readonly hashIdentifier: HashIdentifier;
  readonly truth: Truth;
  readonly store: HotStore;
  readonly rules: Rules;
  readonly history: History;
  readonly rings: Rings;
  readonly holds: Holds;
  readonly rollout: Rollout;
  readonly candidate: Candidate;
  readonly consoleFiles: ReadonlyMap<string, PageFile>;
  readonly committed: Committed;
}

/** Whoever has to hear of commits comes to be after whoever commits. */
interface Committed {
  tell: () => void;
}

async function openMigratedTruth(config: Config, log: Logger, metrics: Metrics): Promise<Truth> {
  const truth = await openTruth({
    databaseUrl: config.DATABASE_URL,
    dataDir: config.DATA_DIR,
    onConnectionError: (error) => {
      metrics.storeFailures.inc({ store: 'postgres' });
      log.warn({ error }, 'a database connection broke');
    },
  });
  await migrate(truth.patient);
  return truth;
}

const openStore = (config: Config, log: Logger, metrics: Metrics): Promise<HotStore> =>
  openHotStore({
    addressing: { url: config.REDIS_URL, nodes: config.REDIS_CLUSTER },
    dataDir: config.DATA_DIR,
    onError: (error) => {
      metrics.storeFailures.inc({ store: 'redis' });
      log.debug({ error }, 'Redis connection');
    },
  });

function evaluatorPorts(parts: Parts): EvaluatorPorts {
  const { config, pepper, hashIdentifier, truth, store, rules, history, rings, committed } = parts;
  const projection = new RedisGateProjection(store.hot, { lifetimeMs: gateLifetimeMs });
  return {
    snapshot: () => rules.live.snapshot(),
    candidate: config.REPORT_RULES_DIR === undefined ? undefined : () => parts.candidate.current(),
    ledger: new RedisEventLedger(store.hot),
    memory: new RedisAccountMemory(store.hot, createSealer(pepper)),
    features: onlyWholeHistory(new RedisFeatureStore(store.hot), () => history.isWhole()),
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
      priority: (score, ringSize) => casePriority({ score, ringSize }),
      dueAt: (openedAt, priority) => caseDueAt({ priority, openedAt }),
    },
    clock,
    elapsed,
    random,
    hashIdentifier,
    hashBody: (canonical) => textDigest('sha256', canonical),
    sealer: createEventSealer(pepper),
    eventTime: config.EVENT_TIME,
  };
}

/** Best effort: the outbox carries the same, and the gate asks the truth for what it does not find. */
const publishSoon = (projection: RedisGateProjection, access: Access): Promise<void> =>
  projection.publish([{ access, apiKeyIds: [] }]).catch(() => undefined);

/** Everything that goes on behind the answers. */
async function startBackground(parts: Parts, ports: EvaluatorPorts) {
  const { config, log, metrics, pepper, truth, store, history } = parts;
  const database = truth.patient;
  const truthOfAccess = new SqlAccessTruth(database);
  const jobs = await openVerificationQueue(store.addressing, {
    onError: (error) => log.debug({ error }, 'verification queue'),
  });
  const holdWork = parts.holds.start(ports, () => parts.committed.tell());
  const workers = await startWorkers({
    onDelivered: ({ kind }) => kind === 'ring_detected' && holdWork.ringDetected(),
    outbox: new SqlOutbox(database),
    truth: truthOfAccess,
    projection: new RedisGateProjection(store.relay, { lifetimeMs: gateLifetimeMs }),
    jobs,
    features: new RedisFeatureStore(store.relay),
    memory: new RedisAccountMemory(store.relay, createSealer(pepper), { rejects: true }),
    log: ports.log,
    cases: caseStore(parts, database),
    upkeep: createCaseUpkeep(database),
    entriesAfter: (accountId, limit) => gateEntriesAfter(database, accountId, limit),
    epoch: { expected: () => ensureEpoch(database, newId('batch')), ...redisEpoch(store.relay) },
    clock,
    redis: store.addressing,
    canDeliver: () => store.relay.isAvailable,
    provider:
      config.VERIFICATION_PROVIDER_URL === undefined
        ? undefined
        : createHttpProvider({ url: config.VERIFICATION_PROVIDER_URL, secret: config.VERIFICATION_PROVIDER_SECRET }),
    logger: log,
    metrics,
  });
  const keeper = history.startKeeper(ports.snapshot);
  const { holds, rings } = parts;
  const budget = parts.rollout.startBudgetWatch(() => parts.committed.tell());
  const ringWorker = await rings.startWorker({ snapshot: ports.snapshot, schedule: holds.schedule });
  const stopVacuum = config.DATABASE_URL === undefined ? vacuumRegularly(database, log) : () => undefined;
  return {
    wake() {
      workers.wake();
      ringWorker.wake();
    },
    async stop() {
      stopVacuum();
      await ringWorker.stop();
      await keeper.stop();
      await budget.stop();
      await holdWork.stop();
      await workers.stop();
      await jobs.close();
    },
  };
}

const caseStore = ({ pepper }: Parts, database: Database) =>
  createPostgresCaseStore(database, { claimSecret: `claims:${pepper}`, random });

function openServer(
  parts: Parts & { readonly explaining: Explaining },
  ports: EvaluatorPorts,
  bootstrapKey: string | undefined,
): Server {
  const { log, metrics, truth, store, rules, hashIdentifier, committed } = parts;
  const projection = new RedisGateProjection(store.hot, { lifetimeMs: gateLifetimeMs });
  const checkGate = createGate({
    projection,
    truth: new SqlAccessTruth(truth.database),
    clock,
    policy: () => rules.live.snapshot().ruleSet.policy.fail,
    within,
    onFailOpen: () => metrics.gateFailOpen.inc(),
  });
  return createHttpServer(
    {
      evaluator: createEvaluator(ports),
      checkGate,
      decisions: ports.log,
      explain: parts.explaining.explain,
      pastDecisions: new SqlPastDecisions(truth.patient),
      keptRuleSets: new SqlRuleSetArchive(truth.patient),
      // People wait rather than being told to come back because the machine was busy for a moment.
      cases: announceChanges(caseStore(parts, truth.patient), (access) => {
        committed.tell();
        return publishSoon(projection, access);
      }),
      rings: new SqlRingRecords(truth.patient),
      undoBatch: parts.holds.undo,
      serviceKeys: new SqlServiceKeys(truth.database, { clock, random }),
      rules: rules.view,
      standings: parts.rollout.standings,
      baselines: () => baselineWarmth(ports.features, ports.snapshot().ruleSet.features, clock.now()),
      readiness: [
        { name: 'database', check: async () => void (await truth.database.query('select 1')) },
        { name: 'redis', check: () => store.hot.ready(500) },
      ],
      hashIdentifier,
      overview: keepFigures(new SqlOverview(truth.patient)),
      changes: createChangeFeed(new SqlAuditTail(truth.patient), (error) => log.debug({ error }, 'change feed')),
      metrics,
      log,
      clock,
      newId,
    },
    { bootstrapKey, sessionSecret: parts.pepper, mounts: { '/console': createConsoleMount(parts.consoleFiles) } },
  );
}

/** Rejects when `work` has not settled in time. */
function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
