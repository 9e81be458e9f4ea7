import type { ListActor } from '../lists/list-entries.js';
import type { Instant } from '../model/time.js';

/** A rule set as text: what it takes to load the same again. */
export interface KeptRuleSet {
  /** `sha256:…` of what it is made of. */
  readonly hash: string;
  readonly version: string;
  /** Texts by path relative to the rules directory. */
  readonly files: ReadonlyMap<string, string>;
}

export interface ArchivedRuleSet extends KeptRuleSet {
  readonly firstUsedAt: Instant;
  /** To the hour. */
  readonly lastUsedAt: Instant;
}

/** Port: every rule set that decided something, so that its decisions can be explained with the rules of then. */
export interface RuleSetArchive {
  /** Says that a set is in use at this time. False when it is not kept yet. */
  use(hash: string, at: Instant): Promise<boolean>;
  /** The same again changes only the times of its use. */
  keep(set: KeptRuleSet, at: Instant): Promise<void>;
  byHash(hash: string): Promise<ArchivedRuleSet | undefined>;
  /**
   * Forgets the sets that were last used before `unusedSince`, and texts that no other set has. Their decisions stay, and are
   * no longer explained with the rules of then. Of the last day none is forgotten, so none that is in use.
   */
  forget(unusedSince: Instant, by: ListActor): Promise<ForgottenRuleSets>;
}

export interface ForgottenRuleSets {
  readonly ruleSets: number;
  /** Texts, each counted once. */
  readonly files: number;
}

const dayMs = 86_400_000;
export const forgetsBefore = (unusedSince: Instant, now: Instant): Instant => Math.min(unusedSince, now - dayMs);

/** What makes the rule set; tests, schemas and the guide are left out as they are left out of its hash. */
export const filesOfRuleSet = (files: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map(
    [...files].filter(([path]) => !/^(?:tests|schema)\//.test(path) && /(?:\.yml|^lists\/[^/]+\.txt)$/.test(path)),
  );
