import type { HotStore } from '../adapters/embedded/open-hot-store.js';
import type { Truth } from '../adapters/embedded/open-truth.js';
import { SqlRingHubMarks } from '../adapters/postgres/ring-hub-marks.js';
import { SqlRingLog } from '../adapters/postgres/ring-log.js';
import { SqlRingMembers } from '../adapters/postgres/ring-members.js';
import { SqlRingStream } from '../adapters/postgres/ring-stream.js';
import { RedisRingProjection } from '../adapters/redis/ring-projection.js';
import { RedisRingStore } from '../adapters/redis/ring-store.js';
import type { RescoreSchedule } from '../evaluate/rescore-schedule.js';
import type { Snapshot } from '../evaluate/snapshot.js';
import type { IdPrefix } from '../model/ids.js';
import type { Clock, EventNow } from '../model/time.js';
import { memberPages, type RingMember, type RingMembers } from '../ring-decisions/ring-members.js';
import type { RingStore } from '../rings/ring-store.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { EvictionWatch } from '../workers/eviction-watch.js';
import type { Loop } from '../workers/loop.js';
import { RingWorker } from '../workers/ring-worker.js';
import type { TruthWatch } from '../workers/truth-watch.js';

interface RingsOptions {
  readonly truth: Truth;
  readonly store: HotStore;
  readonly truthWatch: TruthWatch;
  readonly evictionWatch: EvictionWatch;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly eventTime: 'bounded' | 'trusted';
  readonly eventNow: EventNow;
  readonly newId: (prefix: IdPrefix) => string;
}

interface RingWork {
  /** Of the rule set in use. */
  readonly snapshot: () => Snapshot;
  readonly schedule: Pick<RescoreSchedule, 'soon'>;
}

/** Rings: where evaluations read them, who is in them, and the worker that keeps them. */
export interface Rings {
  /** For every instance. */
  readonly store: RingStore;
  readonly members: RingMembers;
  /** For instances with workers; one of them keeps the rings. Resolves when they can be read, or some seconds later. */
  startWorker(work: RingWork): Promise<Loop>;
}

const firstRingsMs = 3000;
const lookMs = 20;
const idsOf = (page: readonly RingMember[]): string[] => page.map(({ accountId }) => accountId);

export async function composeRings(options: RingsOptions): Promise<Rings> {
  const { truth, store, truthWatch, evictionWatch, log, metrics, clock, elapsed, newId, eventTime, eventNow } = options;
  const { patient, background } = truth;
  const epoch = (): string => truthWatch.epoch;
  const hotRings = new RedisRingStore(store.hot, epoch);
  return {
    store: hotRings,
    members: new SqlRingMembers(patient),
    async startWorker({ snapshot, schedule }) {
      const members = new SqlRingMembers(background);
      const links = () => snapshot().ruleSet.links.map(({ spec }) => spec);
      const worker = new RingWorker({
        stream: new SqlRingStream(background, eventTime),
        marks: new SqlRingHubMarks(background),
        log: new SqlRingLog(background, () => newId('snap')),
        projection: new RedisRingProjection({ redis: store.relay, epoch, name: newId('proj'), now: clock.now }),
        links,
        epoch,
        now: () => clock.now(),
        elapsed,
        eventTime,
        mayRewrite: () => evictionWatch.mayRebuild,
        breathe: () => new Promise((resolve) => setImmediate(resolve)),
        onGrown: async (ringIds) => {
          const at = await eventNow();
          for (const ringId of ringIds)
            for await (const page of memberPages(members, ringId)) await schedule.soon(idsOf(page), at);
        },
        logger: log,
        metrics,
      });
      // A new installation shows its rings, of which there are none, before its first decision.
      const until = elapsed() + firstRingsMs;
      while (links().length > 0 && elapsed() < until && !(await hotRings.isShown()))
        await new Promise((resolve) => setTimeout(resolve, lookMs));
      return worker;
    },
  };
}
