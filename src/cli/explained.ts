import type { RuleExplanation } from '../ruleset/explain-rules.js';

/** What `rules explain` prints: `json` beside the rules for programs, `lines` above them for people. */
export interface Explained {
  readonly rules: readonly RuleExplanation[];
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}
