import type { CaseRecords } from '../cases/case-records.js';
import { CaseSteps, type StepOptions } from '../cases/case-steps.js';
import { barred } from '../cases/transition-case.js';
import type { AccountChanges } from './account-changes.js';
import { changeManually } from './change-manually.js';
import { recordLabel } from './record-label.js';

export function createAccountChanges(records: CaseRecords, options: StepOptions): AccountChanges {
  const steps = new CaseSteps(records, options);
  return {
    recordLabel: (label, actor, now) =>
      steps.onAccount(label, { actor, now }, (draft, loaded) => recordLabel(draft, loaded, label, now)),
    changeManually: (change) =>
      steps.onAccount(change, change, (draft, loaded) => {
        // No way around the case: whoever decided about the account decides nothing of its appeal, whichever call they use, and
        // stops no approval of it that waits for the end of its undo window.
        if (loaded.case?.barredActor === change.actor) return barred();
        changeManually(draft, loaded, change);
        return true;
      }),
  };
}
