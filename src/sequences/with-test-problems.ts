import type { Loaded } from '../ruleset/load-rule-set.js';
import { byPlace } from '../ruleset/rule-problem.js';
import { readTestFiles } from './read-test-files.js';

/** Loaded files with what is wrong with those in `tests/`; for authors: a service does not read them. */
export function withTestProblems<T extends Loaded & { readonly files: ReadonlyMap<string, string> }>(loaded: T) {
  const read = readTestFiles(loaded.files, loaded.ruleSet);
  const errors = [...loaded.errors, ...read.errors].sort(byPlace);
  const warnings = [...loaded.warnings, ...read.warnings].sort(byPlace);
  const { ruleSet, ...others } = loaded;
  if (ruleSet === undefined || errors.length > 0) return { ...others, errors, warnings };
  return { ...others, ruleSet, errors, warnings };
}
