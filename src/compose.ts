import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { closeInTurn } from './adapters/close-in-turn.js';
import { createIdentifierHash } from './adapters/crypto/identifier-hash.js';
import { readConsoleFiles } from './adapters/files/console-files.js';
import { requireFolders } from './adapters/files/require-folders.js';
import { installationSecret } from './adapters/files/secrets.js';
import { SqlBacklogFigures } from './adapters/postgres/backlog-figures.js';
import { CommitWatch } from './adapters/postgres/commit-watch.js';
import type { Database } from './adapters/postgres/database.js';
import { SqlOutbox } from './adapters/postgres/outbox.js';
import { probeWrites } from './adapters/redis/write-probe.js';
import { startBackground } from './compose/background.js';
import { openCandidate } from './compose/candidate.js';
import { announcedRecords } from './compose/case-services.js';
import { composeErasedTraces } from './compose/erased-traces.js';
import { evaluatorPorts } from './compose/evaluator.js';
import { openEvictionWatch } from './compose/eviction-watch.js';
import { composeExplaining } from './compose/explaining.js';
import { composeHistory } from './compose/history.js';
import { composeHolds } from './compose/holds.js';
import { composeIntegrations } from './compose/integrations.js';
import {
  type Committed,
  clock,
  elapsed,
  eventNowOf,
  followDatabaseClock,
  type Listening,
  newId,
  random,
} from './compose/parts.js';
import { openPepper } from './compose/pepper.js';
import { composeRingDesk } from './compose/ring-desk.js';
import { composeRings } from './compose/rings.js';
import { composeRollout } from './compose/rollout.js';
import { composeRules } from './compose/rules.js';
import { openServer } from './compose/server.js';
import { openStores } from './compose/stores.js';
import { openTruthWatch } from './compose/truth-watch.js';
import { verificationLinkOf } from './compose/verification.js';
import type { Config } from './config.js';
import { Admission } from './evaluate/admission.js';
import { RuleBook } from './evaluate/rule-book.js';
import { closeGracefully } from './http/create-http-server.js';
import type { HashIdentifier } from './model/entity.js';
import type { Logger } from './telemetry/logger.js';
import { createMetrics } from './telemetry/metrics.js';
import { startBacklogWatch } from './workers/backlog-watch.js';
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
  /** Takes fourteen seconds at most; returns what has not ended by then. */
  close(): Promise<readonly string[]>;
}

/** Requests in flight, then what goes on behind them, then what that needed: fourteen seconds in all, whatever hangs. */
const requestsEndWithinMs = 5000;
/** To send them what became of them. */
const answersEndWithinMs = 500;
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

/** What a service has opened so far. Each part says how it ends where it is opened. */
class Opened {
  private readonly loops: (() => unknown)[] = [];
  private readonly parts: (() => unknown)[] = [];
  private readonly stores: (() => unknown)[] = [];

  /** What goes on by itself. */
  work(end: () => unknown): void {
    this.loops.push(end);
  }

  part(end: () => unknown): void {
    this.parts.push(end);
  }

  store(end: () => unknown): void {
    this.stores.push(end);
  }

  async endWork(): Promise<void> {
    await Promise.all(this.loops.splice(0).map((end) => end()));
  }

  /** The latest first: it may use those before it. */
  async endParts(): Promise<void> {
    for (const end of this.parts.splice(0).reverse()) await end();
  }

  async closeStores(): Promise<void> {
    await Promise.all(this.stores.splice(0).map((end) => end()));
  }
}

/** The one place where things are constructed. A start that fails leaves nothing running behind. */
export async function composeService(config: Config, log: Logger): Promise<Service> {
  const opened = new Opened();
  try {
    return await compose(config, log, opened);
  } catch (error) {
    // The first error is the one to tell.
    await opened.endWork().catch(() => undefined);
    await opened.endParts().catch(() => undefined);
    await opened.closeStores().catch(() => undefined);
    throw error;
  }
}

async function compose(config: Config, log: Logger, opened: Opened): Promise<Service> {
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
  opened.part(() => rules.close());
  const [truth, store] = await openStores(config, log, metrics);
  opened.store(() => Promise.all([truth.close(), store.close()]));
  const clockFollower = await followDatabaseClock(config, truth, log);
  opened.part(() => clockFollower.stop());
  const pepper = await openPepper(config, truth, log);
  hashIdentifier = createIdentifierHash({ kid: 'k1', secret: pepper });
  const truthWatch = await openTruthWatch({ truth, store, log, metrics, clock, elapsed, newId });
  opened.part(() => truthWatch.stop());
  const evictionWatch = await openEvictionWatch({ truth, store, log, metrics, clock, elapsed });
  opened.part(() => evictionWatch.stop());
  const history = await composeHistory({
    truth,
    store,
    truthWatch,
    evictionWatch,
    pepper,
    log,
    metrics,
    clock,
    elapsed,
    newId,
  });
  opened.part(() => history.stop());
  const eventNow = eventNowOf(config, truth);
  const rings = await composeRings({
    truth,
    store,
    truthWatch,
    evictionWatch,
    log,
    metrics,
    clock,
    elapsed,
    newId,
    eventTime: config.EVENT_TIME,
    eventNow,
  });
  const listening: Listening = { port: config.PORT };
  const committed: Committed = { tell: () => undefined };
  const recordsOf = (database: Database) => announcedRecords(database, { store, truthWatch });
  const ringDesks = composeRingDesk({
    database: truth.patient,
    records: recordsOf(truth.patient),
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
    recordsOf,
    members: rings.members,
    ringDecisions,
    clock,
    elapsed,
    eventNow,
    newId,
    log,
    metrics,
  });
  const candidate = await openCandidate({ folder: config.REPORT_RULES_DIR, prepare: rules.prepare, log });
  opened.part(() => candidate.close());
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
  opened.part(() => rollout.stop());
  const erasedTraces = composeErasedTraces({ truth, store, elapsed, log });
  // Nobody can erase any more then; what is not rewritten in time is left for the next start.
  opened.work(() => erasedTraces.stop(rewriteEndsWithinMs));
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
    verificationLink: verificationLinkOf({ config, listening, pepper }),
    clock,
    random,
    newId,
    log,
  });
  opened.part(() => integrations.stop());
  const projectionWatch = startProjectionWatch({
    probe: () => probeWrites(store.relay),
    outbox: new SqlOutbox(truth.background),
    elapsed,
    logger: log,
    metrics,
  });
  opened.part(() => projectionWatch.stop());
  const backlogFigures = new SqlBacklogFigures(truth.background);
  const backlogWatch = startBacklogWatch({
    read: () => backlogFigures.read(),
    hasRings: () => rules.live.snapshot().ruleSet.links.length > 0,
    metrics,
  });
  opened.part(() => backlogWatch.stop());
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
    listening,
    admission: new Admission({ maxInside: maxEvaluations, maxReading, maxReadingOfOne, elapsed }),
    projectionWatch,
    commitWatch: new CommitWatch(elapsed),
    eventNow,
    truthWatch,
    evictionWatch,
  };
  const ports = evaluatorPorts(parts);
  const explaining = composeExplaining({ database: truth.patient, rules, ports, log });
  opened.part(() => explaining.stop());
  const background = config.ROLES.includes('workers') ? await startBackground(parts, ports) : undefined;
  opened.work(() => background?.stop());
  if (background !== undefined) committed.tell = background.wake;
  const madeKey =
    config.BOOTSTRAP_API_KEY === undefined && config.NODE_ENV !== 'production'
      ? await installationSecret(config.DATA_DIR, 'bootstrap-key', 'pk_admin_')
      : undefined;
  const server = openServer({ ...parts, explaining }, ports, config.BOOTSTRAP_API_KEY ?? madeKey);
  server.once('listening', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) listening.port = address.port;
  });
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
          withinMs: requestsEndWithinMs + answersEndWithinMs,
          close: () => closeGracefully(server, { drainMs: config.DRAIN_MS, deadlineMs: requestsEndWithinMs }),
        },
        {
          name: 'background work',
          withinMs: workEndsWithinMs,
          close: () => opened.endWork(),
        },
        {
          name: 'what requests had used',
          withinMs: restEndsWithinMs,
          close: () => opened.endParts(),
        },
        {
          name: 'stores',
          withinMs: storesCloseWithinMs,
          close: () => opened.closeStores(),
        },
      ]);
      if (left.length > 0) log.error({ left }, 'the service ends without waiting any longer for what has not ended');
      return left;
    },
  };
}
