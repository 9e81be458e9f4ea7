import type { DraftContext } from '../cases/case-draft.js';
import type { CaseRecords } from '../cases/case-records.js';
import type { Clock } from '../model/time.js';
import type { AccessBatches } from './access-batches.js';

export interface UndoPorts {
  readonly records: CaseRecords;
  readonly batches: AccessBatches;
  readonly clock: Clock;
  readonly newId: DraftContext['newId'];
  readonly onPage?: (() => void) | undefined;
}
