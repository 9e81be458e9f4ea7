import type { DecisionLog } from '../decisions/decision-log.js';
import type { FeatureStore } from '../features/feature-store.js';
import type { Access } from '../model/access.js';
import type { HashIdentifier } from '../model/entity.js';
import type { RandomBytes } from '../model/ids.js';
import type { Policy } from '../model/policy.js';
import type { Clock, EventNow } from '../model/time.js';
import type { RingStore } from '../rings/ring-store.js';
import type { AccountMemory } from './account-memory.js';
import type { EventLedger } from './event-ledger.js';
import type { EventTimePolicy } from './event-time.js';
import type { RecentSightings } from './recent-sightings.js';
import type { Snapshot } from './snapshot.js';

/** Seals whole events for the log; a salt that is gone makes its event unreadable. */
export interface EventSealer {
  newSalt(): string;
  seal(salt: string, json: string): string;
  /** Undefined when the seal does not fit. */
  open(salt: string, sealed: string): string | undefined;
}

/** A committed event that announced an API key. */
export interface KeyAnnouncement {
  readonly accountId: string;
  readonly apiKeyId: string;
  readonly decisionId: string;
}

/** Told after each commit; best effort, the outbox repeats it. */
interface CommitListener {
  accessCommitted(access: Access): Promise<void>;
  /** Nobody waits for it. Absent where nobody would look whose key it is. */
  keyAnnounced?(announced: KeyAnnouncement): void;
}

/** How urgent a case is and when it is due. */
interface CaseTerms {
  /** `ringSize`: accounts in the ring that the case would be about. */
  priority(score: number, ringSize: number, cost: number): number;
  /** Epoch milliseconds. */
  dueAt(openedAt: number, priority: number, sla: CaseSla): number;
}

/** How long the case may wait: what the policy says, and the code of its first reason. */
interface CaseSla {
  readonly sla: Policy['sla'];
  readonly reason: string | undefined;
}

/** Everything the story needs from outside; HTTP and replay differ only here. */
export interface EvaluatorPorts {
  /** The rule set, lists and IP data of this moment; asked once for each event. */
  readonly snapshot: () => Snapshot;
  /** A rule set that is judged beside the one in use, and decides nothing. */
  readonly candidate?: (() => Snapshot | undefined) | undefined;
  readonly ledger: EventLedger;
  readonly memory: AccountMemory;
  readonly features: FeatureStore;
  readonly rings: RingStore;
  readonly log: DecisionLog;
  readonly listener: CommitListener;
  /** The answer of `work`, or `late` when it is not there in time. Absent where every store answers at once. */
  readonly orElse?: <T>(work: Promise<T>, timeoutMs: number, late: T) => Promise<T>;
  readonly cases: CaseTerms;
  readonly clock: Clock;
  /** Milliseconds of a clock that never goes back; for durations. */
  readonly elapsed: () => number;
  readonly random: RandomBytes;
  readonly hashIdentifier: HashIdentifier;
  /** Keyed hash of the canonical JSON of a body. */
  readonly hashBody: (canonical: string) => string;
  /** The hash without a key that older decisions hold. Absent where there are none. */
  readonly formerHashBody?: ((canonical: string) => string) | undefined;
  /** True where no event comes twice: bodies are not compared, so none is hashed. */
  readonly eventsAreUnique?: boolean;
  readonly sealer: EventSealer;
  readonly eventTime: EventTimePolicy;
  /** Ages of accounts end here. */
  readonly eventNow: EventNow;
  /** Events as they were seen, for judging them again soon. Absent where raw events are not to stay in memory. */
  readonly sightings?: RecentSightings | undefined;
}
