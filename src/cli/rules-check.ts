import { toSarif } from '../ruleset/sarif.js';
import { withTestProblems } from './check-tests.js';
import { defineCommand, print, printJson } from './command-arguments.js';
import { type LoadedDirectory, loadDirectory, problemsText, rulesDirectory } from './load-rules.js';

const usage = `usage: portcullis rules check [DIR] [--json | --sarif] [--strict]

Type-checks all rules in DIR (RULES_DIR, or rules) and shows every error with its file, line and column.
  --json    {"ok","errors","warnings"} for programs
  --sarif   SARIF 2.1.0 for code hosts
  --strict  warnings fail too
Exit status: 0 when there is no error, else 1.`;

/** `rules check` */
export const run = defineCommand({
  usage,
  options: { json: { type: 'boolean' }, sarif: { type: 'boolean' }, strict: { type: 'boolean' } },
  async run(args, environment) {
    const loaded = withTestProblems(await loadDirectory(rulesDirectory(args.positionals[0], environment)));
    const { errors, warnings } = loaded;
    if (args.flag('sarif')) printJson(toSarif(errors, warnings, loaded.directory));
    else if (args.flag('json')) printJson({ ok: errors.length === 0, errors, warnings });
    else print(summary(loaded));
    return errors.length > 0 || (args.flag('strict') && warnings.length > 0) ? 1 : 0;
  },
});

function summary(loaded: LoadedDirectory): string {
  const { ruleSet, warnings } = loaded;
  if (ruleSet === undefined) return problemsText(loaded);
  const { rules, features, lists, version, hash } = ruleSet;
  const size = `${rules.length} rules, ${features.length} features, ${lists.size} lists`;
  const line = `ok: ${size}; version ${version}, ${hash.slice(0, 19)}…`;
  return warnings.length === 0 ? line : `${problemsText(loaded)}\n${line}`;
}
