import type { Instant } from '../model/time.js';
import { deliverMessages } from './deliver-message.js';
import { type DueWork, earliest } from './due-work.js';
import type { ReplayPorts } from './replay-ports.js';

/** Whatever is due before or at `until`, each at its own time. */
export async function runDue(works: readonly DueWork[], ports: ReplayPorts, until: Instant): Promise<void> {
  for (let due = earliest(works); due !== undefined && due.at <= until; due = earliest(works)) {
    ports.clock.advance(due.at);
    await due.work.run();
    await deliverMessages(ports);
  }
}
