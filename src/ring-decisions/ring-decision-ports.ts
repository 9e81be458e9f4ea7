import type { DraftContext } from '../cases/case-draft.js';
import type { CaseRecords } from '../cases/case-records.js';
import type { Policy } from '../model/policy.js';
import type { Clock, EventNow } from '../model/time.js';
import type { AccessBatches } from './access-batches.js';
import type { RingMembers } from './ring-members.js';

/** A ring under the id that it has now. */
interface RingNow {
  readonly id: string;
  /** The newest case of the whole ring. */
  readonly caseId: string | null;
}

export interface RingDecisionPorts {
  readonly records: CaseRecords;
  readonly batches: AccessBatches;
  readonly members: RingMembers;
  readonly ringOf: (ringId: string) => Promise<RingNow | undefined>;
  readonly policy: () => Pick<Policy, 'retroHold' | 'fourEyes' | 'sla'>;
  readonly clock: Clock;
  /** Ages of accounts end here. */
  readonly eventNow: EventNow;
  readonly newId: DraftContext['newId'];
  /** After each page of accounts: their access has changed. */
  readonly onPage?: (() => void) | undefined;
}
