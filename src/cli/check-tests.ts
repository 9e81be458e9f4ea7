import { byPlace } from '../ruleset/rule-problem.js';
import { readTestFiles } from '../sequences/read-test-files.js';
import type { LoadedDirectory } from './load-rules.js';

/** A loaded directory with what is wrong with its `tests/`; for authors: a service does not read them. */
export function withTestProblems(loaded: LoadedDirectory): LoadedDirectory {
  const read = readTestFiles(loaded.files, loaded.ruleSet);
  const errors = [...loaded.errors, ...read.errors].sort(byPlace);
  const warnings = [...loaded.warnings, ...read.warnings].sort(byPlace);
  const { ruleSet, ...others } = loaded;
  if (ruleSet === undefined || errors.length > 0) return { ...others, errors, warnings };
  return { ...others, ruleSet, errors, warnings };
}
