import type { OutboxMessage } from '../cases/case-records.js';
import type { CaseStore } from '../cases/case-store.js';
import type { AccountMemory } from '../evaluate/account-memory.js';
import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import type { FeatureStore } from '../features/feature-store.js';
import type { ReplayClock } from './replay-clock.js';
import type { ReplayLine } from './replay-line.js';

/** What the service does in several processes, in one. */
export interface ReplayPorts {
  readonly story: EvaluatorPorts;
  readonly clock: ReplayClock;
  readonly cases: Pick<CaseStore, 'recordLabel'>;
  readonly features: Pick<FeatureStore, 'label'>;
  readonly memory: Pick<AccountMemory, 'clear'>;
  /** Messages that the truth has written since it was asked last, oldest first. */
  readonly takeMessages: () => readonly OutboxMessage[];
  /** Lets go of what nothing can ask for any more. */
  readonly forget: (now: number) => void;
  readonly emit: (line: ReplayLine) => void;
}
