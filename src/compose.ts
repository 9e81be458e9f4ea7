import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { closeInTurn } from './adapters/close-in-turn.js';
import { createIdentifierHash } from './adapters/crypto/identifier-hash.js';
import { readConsoleFiles } from './adapters/files/console-files.js';
import { requireFolders } from './adapters/files/require-folders.js';
import { installationSecret } from './adapters/files/secrets.js';
import { SqlBacklogFigures } from './adapters/postgres/backlog-figures.js';
import { SqlOutbox } from './adapters/postgres/outbox.js';
import { readEviction } from './adapters/redis/read-eviction.js';
import { probeWrites } from './adapters/redis/write-probe.js';
import { startBackground } from './compose-background.js';
import { openCandidate } from './compose-candidate.js';
import { composeErasedTraces } from './compose-erased-traces.js';
import { evaluatorPorts } from './compose-evaluator.js';
import { composeExplaining } from './compose-explaining.js';
import { composeHistory } from './compose-history.js';
import { composeHolds } from './compose-holds.js';
import { composeIntegrations } from './compose-integrations.js';
import { type Committed, clock, elapsed, eventNowOf, followDatabaseClock, newId, random } from './compose-parts.js';
import { openPepper } from './compose-pepper.js';
import { composeRingDesk } from './compose-ring-desk.js';
import { composeRings } from './compose-rings.js';
import { composeRollout } from './compose-rollout.js';
import { composeRules } from './compose-rules.js';
import { openServer } from './compose-server.js';
import { openStores } from './compose-stores.js';
import { openTruthWatch } from './compose-truth-watch.js';
import { verificationLinkOf } from './compose-verification.js';
import type { Config } from './config.js';
import { Admission } from './evaluate/admission.js';
import { RuleBook } from './evaluate/rule-book.js';
import { closeGracefully } from './http/create-http-server.js';
import type { HashIdentifier } from './model/entity.js';
import type { Logger } from './telemetry/logger.js';
import { createMetrics } from './telemetry/metrics.js';
import { startBacklogWatch } from './workers/backlog-watch.js';
import { startEvictionWatch } from './workers/eviction-watch.js';
import { startProjectionWatch } from './workers/projection-watch.js';
import { reportsOnly } from './workers/tell-rule-set.js';

/** A running service, not listening yet. */
export interface Service {
  readonly server: Server;
  /** For people: what runs where. */
  readonly lines: readonly (readonly [what: string, where: string])[];
  /** The key for trying, when none was configured. */
  readonly madeKey: string | undefined;
  /** False where it only does background work. */
  readonly answersApi: boolean;
  /** Takes fifteen seconds at most; returns what has not ended by then. */
  close(): Promise<readonly string[]>;
}

/** Requests in flight, then what goes on behind them, then what that needed: fifteen seconds in all, whatever hangs. */
const requestsEndWithinMs = 5000;
const workEndsWithinMs = 4500;
/** A statement that is under way then has the rest. */
const rewriteEndsWithinMs = 3500;
const restEndsWithinMs = 1000;
const storesCloseWithinMs = 3000;
/** At once, those included that wait for their place: one more is refused. */
const maxEvaluations = 256;
/** Bodies on their way, of at most 64 KiB each. */
const maxReading = 2048;
const maxReadingOfOne = 512;

/** The one place where things are constructed. */
export async function composeService(config: Config, log: Logger): Promise<Service> {
  await requireFolders(config);
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
  const [truth, store] = await openStores(config, log, metrics).catch((error: unknown) => closing([rules], error));
  const clockFollower = await followDatabaseClock(config, truth, log).catch((error: unknown) =>
    closing([truth, store, rules], error),
  );
  const pepper = await openPepper(config, truth, log).catch((error: unknown) => closing([truth, store, rules], error));
  hashIdentifier = createIdentifierHash({ kid: 'k1', secret: pepper });
  const truthWatch = await openTruthWatch({ truth, store, log, metrics, clock, elapsed, newId });
  const history = await composeHistory({ truth, store, truthWatch, pepper, log, metrics, clock, elapsed, newId });
  const eventNow = eventNowOf(config, truth);
  const rings = await composeRings({
    truth,
    store,
    truthWatch,
    log,
    metrics,
    clock,
    elapsed,
    newId,
    eventTime: config.EVENT_TIME,
    eventNow,
  });
  const committed: Committed = { tell: () => undefined };
  const ringDesks = composeRingDesk({
    database: truth.patient,
    members: rings.members,
    policy: () => rules.live.snapshot().ruleSet.policy,
    clock,
    eventNow,
    newId,
    onChanged: () => committed.tell(),
  });
  const ringDecisions = ringDesks.ports;
  const holds = composeHolds({
    database: truth.patient,
    background: truth.background,
    members: rings.members,
    ringDecisions,
    clock,
    eventNow,
    newId,
    log,
    metrics,
  });
  const candidate = await openCandidate({ folder: config.REPORT_RULES_DIR, prepare: rules.prepare, log });
  const rollout = await composeRollout({
    database: truth.patient,
    background: truth.background,
    book,
    snapshot: () => rules.live.snapshot(),
    candidate,
    instance: newId('inst'),
    clock,
    log,
    metrics,
  });
  const erasedTraces = composeErasedTraces({ truth, store, elapsed, log });
  const integrations = await composeIntegrations({
    database: truth.patient,
    background: truth.background,
    store,
    rules,
    pepper,
    allowLoopback: config.WEBHOOK_LOOPBACK === 'allow',
    auditPlace: { dataDir: config.DATA_DIR, databaseUrl: config.DATABASE_URL },
    onErased: () => erasedTraces.ask(),
    metrics,
    elapsed,
    verificationLink: verificationLinkOf(config, pepper),
    clock,
    random,
    newId,
    log,
  });
  const projectionWatch = startProjectionWatch({
    probe: () => probeWrites(store.relay),
    outbox: new SqlOutbox(truth.background),
    elapsed,
    logger: log,
    metrics,
  });
  const evictionWatch = startEvictionWatch({ policy: () => readEviction(store.relay), logger: log, metrics, elapsed });
  const backlogFigures = new SqlBacklogFigures(truth.background);
  const backlogWatch = startBacklogWatch({
    read: () => backlogFigures.read(),
    hasRings: () => rules.live.snapshot().ruleSet.links.length > 0,
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
    integrations,
    ringDesks,
    committed,
    admission: new Admission({ maxInside: maxEvaluations, maxReading, maxReadingOfOne, elapsed }),
    projectionWatch,
    eventNow,
    truthWatch,
    evictionWatch,
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
    answersApi: config.ROLES.includes('api'),
    lines: [
      ['database', truth.description],
      ['hot store', store.description],
      ['rules', rules.description],
      ...(rules.live.snapshot().ruleSet.policy.level === 'report' ? [['attention', reportsOnly] as const] : []),
      ['IP data', rules.ipDescription],
      ['work', config.ROLES.join(', ')],
    ],
    async close() {
      const left = await closeInTurn([
        {
          name: 'requests',
          withinMs: requestsEndWithinMs + 500,
          close: () => closeGracefully(server, { drainMs: config.DRAIN_MS, deadlineMs: requestsEndWithinMs }),
        },
        {
          name: 'background work',
          withinMs: workEndsWithinMs,
          // Whoever could erase has gone; what is not rewritten in time is left for the next start.
          close: () => Promise.all([background?.stop(), erasedTraces.stop(rewriteEndsWithinMs)]),
        },
        {
          name: 'what requests had used',
          withinMs: restEndsWithinMs,
          close: async () => {
            await clockFollower.stop();
            await projectionWatch.stop();
            await backlogWatch.stop();
            await evictionWatch.stop();
            await rules.close();
            await candidate.close();
            await rollout.stop();
            await integrations.stop();
            await explaining.stop();
            await truthWatch.stop();
          },
        },
        {
          name: 'stores',
          withinMs: storesCloseWithinMs,
          close: () => Promise.all([truth.close(), store.close()]),
        },
      ]);
      if (left.length > 0) log.error({ left }, 'the service ends without waiting any longer for what has not ended');
      return left;
    },
  };
}

/** A start that fails leaves nothing running behind. */
async function closing(opened: readonly { close(): Promise<void> }[], error: unknown): Promise<never> {
  await Promise.allSettled(opened.map((part) => part.close()));
  throw error;
}
