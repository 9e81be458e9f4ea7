import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { metricNames } from './metric-names.js';

/** Seconds: from half a millisecond, where most decisions are, to where people give up. */
const latencyBuckets = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** How often the event loop is asked how late it is: every look wakes the process, also where nobody calls. */
const loopSampleMs = 50;

export type Metrics = ReturnType<typeof createMetrics>;

interface MetricsOptions {
  /** Memory, event loop and garbage collection of the process; starts observers that last as long as the process. */
  readonly process: boolean;
}

/** A registry of its own for each service, so that two in one process do not count into each other. */
export function createMetrics(options: MetricsOptions = { process: false }) {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopSampleMs });
  const settings = <L extends string>(spec: { name: string; help: string; labels: readonly L[] }) => ({
    name: spec.name,
    help: spec.help,
    labelNames: spec.labels,
    registers: [registry],
  });
  const counter = <L extends string>(spec: {
    name: string;
    help: string;
    labels: readonly L[];
    starts?: readonly string[];
  }) => {
    const made = new Counter<L>(settings(spec));
    for (const value of spec.starts ?? []) made.labels(value).inc(0);
    return made;
  };
  const gauge = <L extends string>(spec: { name: string; help: string; labels: readonly L[] }) =>
    new Gauge<L>(settings(spec));
  const latency = <L extends string>(spec: { name: string; help: string; labels: readonly L[] }) =>
    new Histogram<L>({ ...settings(spec), buckets: latencyBuckets });
  return {
    contentType: registry.contentType,
    /** Prometheus text. */
    text: (): Promise<string> => registry.metrics(),
    httpRequests: counter(metricNames.httpRequests),
    httpSeconds: latency(metricNames.httpSeconds),
    evaluations: counter(metricNames.evaluations),
    evaluationReplays: counter(metricNames.evaluationReplays),
    evaluationRefusals: counter(metricNames.evaluationRefusals),
    evaluationSeconds: latency(metricNames.evaluationSeconds),
    evaluationsInFlight: gauge(metricNames.evaluationsInFlight),
    evaluationsWaiting: gauge(metricNames.evaluationsWaiting),
    evaluationPlaces: gauge(metricNames.evaluationPlaces),
    shed: counter(metricNames.shed),
    gateAnswers: counter(metricNames.gateAnswers),
    gateSeconds: latency(metricNames.gateSeconds),
    gateFailOpen: counter(metricNames.gateFailOpen),
    foreignKeys: counter(metricNames.foreignKeys),
    ruleHits: counter(metricNames.ruleHits),
    ruleFuses: counter(metricNames.ruleFuses),
    ruleFuseBlown: gauge(metricNames.ruleFuseBlown),
    ruleExceptionDays: gauge(metricNames.ruleExceptionDays),
    rulesetEnforced: gauge(metricNames.rulesetEnforced),
    budgetHeldShare: gauge(metricNames.budgetHeldShare),
    budgetHonestShare: gauge(metricNames.budgetHonestShare),
    budgetLimit: gauge(metricNames.budgetLimit),
    budgetExceeded: gauge(metricNames.budgetExceeded),
    degraded: counter(metricNames.degraded),
    rulesetInfo: gauge(metricNames.rulesetInfo),
    rulesetLoads: counter(metricNames.rulesetLoads),
    accessChanges: counter(metricNames.accessChanges),
    accessChangeSeconds: latency(metricNames.accessChangeSeconds),
    storeFailures: counter(metricNames.storeFailures),
    redisTakesWrites: gauge(metricNames.redisTakesWrites),
    redisEvicts: gauge(metricNames.redisEvicts),
    truthSetBack: counter(metricNames.truthSetBack),
    redisOfAnotherDatabase: gauge(metricNames.redisOfAnotherDatabase),
    outboxWaiting: gauge(metricNames.outboxWaiting),
    outboxOldestSeconds: gauge(metricNames.outboxOldestSeconds),
    webhooksPending: gauge(metricNames.webhooksPending),
    webhooksOldestSeconds: gauge(metricNames.webhooksOldestSeconds),
    webhookEndpointsDisabled: gauge(metricNames.webhookEndpointsDisabled),
    webhookAttempts: counter(metricNames.webhookAttempts),
    casesOpened: counter(metricNames.casesOpened),
    caseBreaches: counter(metricNames.caseBreaches),
    casesLate: gauge(metricNames.casesLate),
    jobs: counter(metricNames.jobs),
    historyWhole: gauge(metricNames.historyWhole),
    redisLosses: counter(metricNames.redisLosses),
    uncountedSeconds: gauge(metricNames.uncountedSeconds),
    historyRebuilds: counter(metricNames.historyRebuilds),
    historyRecounted: counter(metricNames.historyRecounted),
    rings: gauge(metricNames.rings),
    ringMerges: counter(metricNames.ringMerges),
    ringHubs: counter(metricNames.ringHubs),
    ringWorkerActive: gauge(metricNames.ringWorkerActive),
    ringWorkerLag: gauge(metricNames.ringWorkerLag),
    auditRows: gauge(metricNames.auditRows),
    auditBroken: gauge(metricNames.auditBroken),
    rescored: counter(metricNames.rescored),
  };
}
