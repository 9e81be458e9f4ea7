import type { Server } from 'node:http';
import { SqlAccessTruth } from '../adapters/postgres/access-truth.js';
import { SqlAdmittedSample } from '../adapters/postgres/admitted-sample.js';
import { SqlAuditTail } from '../adapters/postgres/audit-tail.js';
import { SqlClosedSessions } from '../adapters/postgres/closed-sessions.js';
import { SqlOverview } from '../adapters/postgres/overview.js';
import { SqlPastDecisions } from '../adapters/postgres/past-decisions.js';
import { SqlQueueFigures } from '../adapters/postgres/queue-figures.js';
import { SqlRingRecords } from '../adapters/postgres/ring-records.js';
import { SqlRuleSetArchive } from '../adapters/postgres/rule-set-archive.js';
import { SqlServiceKeys } from '../adapters/postgres/service-keys.js';
import { RedisRingRequests } from '../adapters/redis/ring-requests.js';
import { RedisRingStore } from '../adapters/redis/ring-store.js';
import { within } from '../adapters/within.js';
import { createEvaluator } from '../evaluate/create-evaluator.js';
import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import { baselineWarmth } from '../features/baseline-warmth.js';
import { type CheckGate, createGate } from '../gate/check-gate.js';
import { createChangeFeed } from '../http/console/change-feed.js';
import { createConsoleMount } from '../http/console/console-mount.js';
import { keepFigures } from '../http/console/overview.js';
import { createHttpServer } from '../http/create-http-server.js';
import type { Logger } from '../telemetry/logger.js';
import { type Loop, startLoop } from '../workers/loop.js';
import { announcedCaseServices } from './case-services.js';
import type { Explaining } from './explaining.js';
import { clock, gateProjection, newId, type Parts, publishSoon, random } from './parts.js';
import { readinessOf } from './readiness.js';
import { composeVerification } from './verification.js';

/** The API as a server that is not listening yet. */
export function openServer(
  parts: Parts & { readonly explaining: Explaining },
  ports: EvaluatorPorts,
  bootstrapKey: string | undefined,
): Server {
  const { log, metrics, truth, store, rules, hashIdentifier, committed } = parts;
  const projection = gateProjection(store.hot, parts.truthWatch);
  // People wait rather than being told to come back because the machine was busy for a moment.
  const services = announcedCaseServices(parts, truth.patient, (access) => {
    committed.tell();
    return publishSoon(projection, access);
  });
  const verification = composeVerification(parts, ports, services);
  const answersApi = parts.config.ROLES.includes('api');
  const serviceKeys = new SqlServiceKeys(truth.database, { clock, random });
  const closedSessions = new SqlClosedSessions(truth.database, clock);
  const server = createHttpServer(
    {
      evaluator: createEvaluator(ports),
      admission: parts.admission,
      checkGate: composeGate(parts),
      decisions: ports.log,
      explain: parts.explaining.explain,
      pastDecisions: new SqlPastDecisions(truth.patient),
      admitted: new SqlAdmittedSample(truth.patient),
      keptRuleSets: new SqlRuleSetArchive(truth.patient),
      cases: services.cases,
      accounts: services.accounts,
      queue: new SqlQueueFigures(truth.patient),
      rings: new SqlRingRecords(truth.patient),
      ringDesk: parts.ringDesks.desk,
      ringHubs: parts.ringDesks.hubs,
      undoBatch: parts.holds.undo,
      serviceKeys,
      closedSessions,
      rules: rules.view,
      standings: parts.rollout.standings,
      baselines: async () => baselineWarmth(ports.features, ports.snapshot().ruleSet.features, await ports.eventNow()),
      readiness: readinessOf(parts),
      hashIdentifier,
      ...parts.integrations.services,
      verification: verification.services,
      overview: keepFigures(new SqlOverview(truth.patient)),
      changes: createChangeFeed(new SqlAuditTail(truth.patient), (error) => log.debug({ error }, 'change feed')),
      metrics,
      log,
      clock,
      newId,
    },
    {
      bootstrapKey,
      sessionSecret: parts.pepper,
      trustedProxies: parts.config.TRUST_PROXY,
      answersApi,
      mounts: !answersApi ? {} : { '/console': createConsoleMount(parts.consoleFiles), '/verify': verification.mount },
    },
  );
  const refreshing = keepKeys({ serviceKeys, closedSessions }, log);
  server.once('close', () => void refreshing.stop());
  return server;
}

const composeGate = ({ store, truth, truthWatch, projectionWatch, rules, metrics }: Parts): CheckGate =>
  createGate({
    projectionState: () => (truthWatch.isOurs ? projectionWatch.state : 'doubted'),
    projection: gateProjection(store.gate, truthWatch),
    truth: new SqlAccessTruth(truth.database),
    clock,
    policy: () => rules.live.snapshot().ruleSet.policy,
    ringRequests: new RedisRingRequests(store.gate, new RedisRingStore(store.gate, () => truthWatch.epoch)),
    within,
    onFailOpen: () => metrics.gateFailOpen.inc(),
  });

/** Before those that are known are too old, which they are after five seconds: no request waits for a reading. */
const keysEveryMs = 2000;

const keepKeys = (kept: Readonly<Record<string, { refresh(): Promise<unknown> }>>, log: Logger): Loop =>
  startLoop({
    everyMs: keysEveryMs,
    work: async () => {
      await Promise.all(Object.values(kept).map((one) => one.refresh()));
      return false;
    },
    onError: (error) =>
      log.debug({ error }, 'service keys and ended sessions could not be read: those that were known go on'),
  });
