import { folderSignature } from '../adapters/files/folder-signature.js';
import { RulesFolder } from '../adapters/files/open-rules.js';
import type { FolderChange } from '../adapters/files/settled-calls.js';
import { watchFolder } from '../adapters/files/watch-folder.js';
import type { Snapshot } from '../evaluate/snapshot.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { Logger } from '../telemetry/logger.js';

interface CandidateOptions {
  /** REPORT_RULES_DIR; without one there is no candidate. */
  readonly folder: string | undefined;
  readonly prepare: (ruleSet: RuleSet) => Snapshot;
  readonly log: Logger;
}

/** A rule set that is judged beside the one in use, and decides nothing. */
export interface Candidate {
  current(): Snapshot | undefined;
  close(): Promise<void>;
}

const pace = {
  elapsed: () => performance.now(),
  breathe: () => new Promise<void>((resolve) => setImmediate(resolve)),
  sliceMs: 3,
};

/** Follows its folder; with any error the candidate of before goes on, and with none there is nothing to judge beside. */
export async function openCandidate({ folder, prepare, log }: CandidateOptions): Promise<Candidate> {
  if (folder === undefined) return { current: () => undefined, close: async () => undefined };
  const rules = new RulesFolder(folder);
  let snapshot: Snapshot | undefined;
  const seen = await folderSignature(folder);
  const load = async ({ isOvertaken, settled }: FolderChange): Promise<void> => {
    const loaded = await rules.loadInSlices({ ...pace, isOvertaken });
    if (loaded === undefined || !(await settled())) return;
    if (loaded.ruleSet === undefined) {
      log.error({ errors: loaded.errors.slice(0, 20) }, 'the rules of REPORT_RULES_DIR have errors and are not taken');
      return;
    }
    const { version, hash } = loaded.ruleSet;
    if (snapshot?.ruleSet.hash === hash) return;
    snapshot = prepare(loaded.ruleSet);
    log.info({ version, hash }, 'candidate rule set, judged beside the one in use');
  };
  await load({ isOvertaken: () => false, settled: async () => true });
  const watch = watchFolder(folder, seen, load);
  return { current: () => snapshot, close: () => watch.close() };
}
