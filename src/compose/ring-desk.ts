import { SqlAccessBatches } from '../adapters/postgres/access-batches.js';
import type { Database } from '../adapters/postgres/database.js';
import { SqlRingHubMarks } from '../adapters/postgres/ring-hub-marks.js';
import { SqlRingRecords } from '../adapters/postgres/ring-records.js';
import type { CaseRecords } from '../cases/case-records.js';
import type { ReviewQueue } from '../cases/review-queue.js';
import type { IdPrefix } from '../model/ids.js';
import type { Policy } from '../model/policy.js';
import type { Clock, EventNow } from '../model/time.js';
import { guardRingCases } from '../ring-decisions/guard-ring-cases.js';
import { accountsOfRing } from '../ring-decisions/ring-accounts.js';
import type { RingDecisionPorts } from '../ring-decisions/ring-decision-ports.js';
import { createRingDesk, type RingDesk } from '../ring-decisions/ring-desk.js';
import { createRingHubDesk, type RingHubDesk } from '../ring-decisions/ring-hub-desk.js';
import type { RingMembers } from '../ring-decisions/ring-members.js';

interface RingDeskOptions {
  /** The one that waits rather than failing. */
  readonly database: Database;
  /** What they change is told to the gate. */
  readonly records: CaseRecords;
  readonly members: RingMembers;
  readonly policy: () => Policy;
  readonly clock: Clock;
  readonly eventNow: EventNow;
  readonly newId: (prefix: IdPrefix) => string;
  /** Access changed: the relay has something to deliver. */
  readonly onChanged: () => void;
}

export interface RingDesks {
  readonly ports: RingDecisionPorts;
  readonly desk: RingDesk;
  readonly hubs: RingHubDesk;
  /** The same queue, which keeps to what holds for decisions about rings. */
  guard(cases: ReviewQueue): ReviewQueue;
}

/** What people decide about whole rings. */
export function composeRingDesk(options: RingDeskOptions): RingDesks {
  const { database, records, members, policy, clock, eventNow, newId, onChanged } = options;
  const rings = new SqlRingRecords(database);
  const batches = new SqlAccessBatches(database);
  const ports: RingDecisionPorts = {
    records,
    batches,
    members,
    ringOf: (ringId) => rings.get(ringId),
    policy,
    clock,
    eventNow,
    newId,
    onPage: onChanged,
  };
  const guard = {
    batches,
    countAccounts: async (ringId: string, caseId: string) => (await accountsOfRing(ringId, caseId, ports)).size,
    releaseAlone: () => policy().fourEyes.ringRelease,
  };
  return {
    ports,
    desk: createRingDesk(ports),
    hubs: createRingHubDesk({ rings, marks: new SqlRingHubMarks(database), clock, newId }),
    guard: (cases) => guardRingCases(cases, guard),
  };
}
