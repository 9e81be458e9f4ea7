import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import { type RescoreDuePorts, rescoreDue } from '../evaluate/rescore-due.js';
import type { DueRescore, RescoreSchedule } from '../evaluate/rescore-schedule.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { type Loop, startLoop } from './loop.js';

interface ScheduledRescorerOptions {
  readonly story: EvaluatorPorts;
  readonly schedule: RescoreSchedule;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Access changed: the relay has something to deliver. */
  readonly onChanged: () => void;
  readonly everyMs: number;
}

const atOnce = 100;
/** Accounts judged at the same time: a large ring that has grown has to be gone through, and evaluations have to go on. */
const together = 4;

/** Judges accounts again when they are due. Any number of instances may do it at the same time. */
export function startScheduledRescorer(options: ScheduledRescorerOptions): Loop {
  const { log, everyMs } = options;
  const onError = (error: unknown): void =>
    log.warn({ error }, 'judging accounts again failed, it goes on in a moment');
  return startLoop({ everyMs, work: () => rescorePage(options), onError });
}

async function rescorePage(options: ScheduledRescorerOptions): Promise<boolean> {
  const { story, schedule } = options;
  const found = await schedule.take(await story.eventNow(), atOnce);
  for (let i = 0; i < found.length; i += together) {
    const done = await Promise.allSettled(found.slice(i, i + together).map((due) => rescoreOne(due, options)));
    const failed = done.find((result) => result.status === 'rejected');
    // Those that were taken come again in a minute.
    if (failed !== undefined) throw failed.reason;
  }
  return found.length === atOnce;
}

/** An import is judged as of the time it was due, which its events have passed: its windows are as full as they were then. */
const windowsAtDue = ({ dueAt }: DueRescore): number => dueAt;

async function rescoreOne(
  due: DueRescore,
  { story, schedule, metrics, onChanged }: ScheduledRescorerOptions,
): Promise<void> {
  const ports: RescoreDuePorts = { story, schedule };
  const result = await rescoreDue(due, story.eventTime === 'trusted' ? { ...ports, windowsAt: windowsAtDue } : ports);
  if (result === 'changed' || result === 'unchanged') metrics.rescored.inc({ changed: String(result === 'changed') });
  if (result === 'changed') onChanged();
}
