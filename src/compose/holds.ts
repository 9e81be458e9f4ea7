import { SqlAccessBatches } from '../adapters/postgres/access-batches.js';
import type { Database } from '../adapters/postgres/database.js';
import { SqlGatherings } from '../adapters/postgres/gatherings.js';
import { SqlRescoreQueue } from '../adapters/postgres/rescore-queue.js';
import { SqlRescoreSchedule } from '../adapters/postgres/rescore-schedule.js';
import type { CaseRecords } from '../cases/case-records.js';
import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import { rescoreEvent } from '../evaluate/rescore-event.js';
import type { RescoreSchedule } from '../evaluate/rescore-schedule.js';
import type { IdPrefix } from '../model/ids.js';
import type { Problem } from '../model/problem.js';
import type { Result } from '../model/result.js';
import type { Clock, EventNow } from '../model/time.js';
import { letThrough } from '../ring-decisions/let-through.js';
import type { RingDecisionPorts } from '../ring-decisions/ring-decision-ports.js';
import type { RingMembers } from '../ring-decisions/ring-members.js';
import { type UndoCommand, type UndoneBatch, undoBatch } from '../ring-decisions/undo-batch.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startRescorer } from '../workers/rescorer.js';
import { startRetroHolder } from '../workers/retro-holder.js';
import { startRingGatherer } from '../workers/ring-gatherer.js';
import { startScheduledRescorer } from '../workers/scheduled-rescorer.js';

interface HoldsOptions {
  /** For people's requests: the one that waits rather than failing. */
  readonly database: Database;
  /** Its share for what goes on by itself. */
  readonly background: Database;
  /** What they change is told to the gate. */
  readonly recordsOf: (database: Database) => CaseRecords;
  readonly members: RingMembers;
  readonly ringDecisions: RingDecisionPorts;
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly eventNow: EventNow;
  readonly newId: (prefix: IdPrefix) => string;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** What follows for accounts after their decisions: held with their ring, judged again. */
export interface Holds {
  readonly schedule: RescoreSchedule;
  undo(command: UndoCommand): Promise<Result<UndoneBatch, Problem>>;
  /** For instances with workers. */
  start(story: EvaluatorPorts, hooks: HoldHooks): HoldWork;
}

interface HoldHooks {
  /** The relay has something to deliver. */
  readonly onChanged: () => void;
  /** Before decisions are made again; false while it cannot be done. */
  readonly countMissed: () => Promise<boolean>;
}

interface HoldWork {
  /** A ring was found out. */
  ringDetected(): void;
  stop(): Promise<void>;
}

const everyMs = 1000;
/** Decisions that missed an input. */
const provisionalEveryMs = 2000;

export function composeHolds(options: HoldsOptions): Holds {
  const { database, background, recordsOf, members, ringDecisions, clock, eventNow, newId, log, metrics } = options;
  const { elapsed } = options;
  const records = recordsOf(background);
  const schedule = new SqlRescoreSchedule(background, records, newId);
  const ports = { records, batches: new SqlAccessBatches(background), clock, eventNow, newId };
  const asked = { ...ports, records: recordsOf(database), batches: new SqlAccessBatches(database) };
  return {
    schedule,
    undo: (command) => undoBatch(command, asked),
    start(story, { onChanged, countMissed }) {
      const policy = () => story.snapshot().ruleSet.policy.retroHold;
      const sla = () => story.snapshot().ruleSet.policy.sla;
      const listed = (ids: readonly string[]) => letThrough(ids, story.log, story.snapshot().ruleSet);
      const holding = { ...ports, members, ringDecisions, policy, sla, letThrough: listed };
      const holder = startRetroHolder({ ...holding, log, onChanged, everyMs });
      const gatherings = new SqlGatherings(background);
      const gatherer = startRingGatherer({ records, gatherings, sla, clock, newId, log, elapsed });
      const scheduled = startScheduledRescorer({ story, schedule, log, metrics, onChanged, everyMs });
      const queue = new SqlRescoreQueue(background, records, newId);
      const provisional = startRescorer({
        queue,
        judge: (pending) => rescoreEvent(pending, story, queue),
        log,
        metrics,
        countMissed,
        everyMs: provisionalEveryMs,
      });
      return {
        ringDetected: () => holder.wake(),
        stop: async () =>
          void (await Promise.all([holder.stop(), gatherer.stop(), scheduled.stop(), provisional.stop()])),
      };
    },
  };
}
