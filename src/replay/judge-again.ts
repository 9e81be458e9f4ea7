import { rescoreDue } from '../evaluate/rescore-due.js';
import type { DueWork } from './due-work.js';
import type { ReplayPorts } from './replay-ports.js';

/** Accounts are judged again when their time has come, one by one. */
export function judgingAgain({ story, schedule, clock }: ReplayPorts): DueWork {
  return {
    nextAt: () => schedule.nextAt(),
    async run() {
      for (const due of await schedule.take(clock.now(), 1)) await rescoreDue(due, { story, schedule });
    },
  };
}
