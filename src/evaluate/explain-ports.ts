import type { DecisionLog } from '../decisions/decision-log.js';
import type { HashIdentifier } from '../model/entity.js';
import type { Outcome } from '../model/rule.js';
import type { Pace } from '../model/steps.js';
import type { Instant } from '../model/time.js';
import type { RuleSetArchive } from '../ruleset/rule-set-archive.js';
import type { SignalPorts } from '../signals/signal-context.js';
import type { EventSealer } from './evaluator-ports.js';
import type { Snapshot } from './snapshot.js';

/** What a decision that missed inputs came to with them. */
export interface FoundLater {
  readonly at: Instant;
  readonly outcome: Outcome;
  readonly score: number;
  readonly reasons: readonly string[];
}

/** What explaining a stored decision needs from outside. */
export interface ExplainPorts {
  readonly decisions: Pick<DecisionLog, 'byId' | 'eventsOf' | 'status'>;
  readonly archive: Pick<RuleSetArchive, 'byHash'>;
  readonly snapshot: () => Snapshot;
  /** Undefined where it has not been made again; without it nothing is. */
  readonly foundLater?: (accountId: string, eventId: string) => Promise<FoundLater | undefined>;
  readonly sealer: Pick<EventSealer, 'open'>;
  readonly hashIdentifier: HashIdentifier;
  /** Enough to find identifiers in an event: nothing is looked up with them. */
  readonly signals: SignalPorts;
  /** Lets other work go on. */
  readonly pace: Pace;
  /** For files that whoever asks has in hand; what is stored shows hashes. */
  readonly showsIdentifiers?: boolean | undefined;
}
