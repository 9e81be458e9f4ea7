import { readFileSync } from 'node:fs';
import type { Policy } from '../model/policy.js';
import { families } from '../model/rule.js';
import { defaultPolicy } from '../ruleset/default-policy.js';
import { toSarif } from '../ruleset/sarif.js';
import { withTestProblems } from '../sequences/with-test-problems.js';
import { defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { givenFolder, type LoadedDirectory, loadDirectory, problemsText } from './load-rules.js';

const usage = `usage: portcullis rules check [DIR | --rules DIR] [--json | --sarif [--pages URL]] [--strict]

Type-checks all rules in DIR (RULES_DIR, or rules) and shows every error with its file, line and column.
  --json    {"ok","errors","warnings"} for programs
  --sarif   SARIF 2.1.0 for code hosts, with the page about each code
  --pages   with --sarif: where your docs/errors/ is served, for links to the pages
  --strict  warnings fail too
Exit status: 0 when there is no error, else 1.`;

/** `rules check` */
export const run = defineCommand({
  usage,
  takes: 1,
  options: {
    rules: { type: 'string' },
    json: { type: 'boolean' },
    sarif: { type: 'boolean' },
    pages: { type: 'string' },
    strict: { type: 'boolean' },
  },
  async run(args, environment) {
    if (args.flag('json') && args.flag('sarif')) throw new UsageError('--json and --sarif do not go together');
    const loaded = withTestProblems(await loadDirectory(givenFolder(args, environment)));
    const { errors, warnings } = loaded;
    if (args.flag('sarif'))
      printJson(toSarif(errors, warnings, loaded.directory, { textOf: pageText, address: args.text('pages') }));
    else if (args.flag('json')) printJson({ ok: errors.length === 0, errors, warnings });
    else print(summary(loaded));
    return errors.length > 0 || (args.flag('strict') && warnings.length > 0) ? 1 : 0;
  },
});

/** Beside the program, as the repository has them; nothing where only the program was installed. */
function pageText(code: string): string | undefined {
  try {
    return readFileSync(new URL(`../../docs/errors/${code}.md`, import.meta.url), 'utf8');
  } catch {
    return undefined;
  }
}

function summary(loaded: LoadedDirectory): string {
  const { ruleSet, warnings } = loaded;
  if (ruleSet === undefined) return problemsText(loaded);
  const { rules, features, lists, version, hash } = ruleSet;
  const size = `${rules.length} rules, ${features.length} features, ${lists.size} lists`;
  const line = `ok: ${size}; version ${version}, ${hash.slice(0, 19)}…`;
  const lines = [line, ...thresholdsLine(ruleSet.policy), capsLine(ruleSet.policy)];
  return (warnings.length === 0 ? lines : [problemsText(loaded), ...lines]).join('\n');
}

/** Where nobody said anything. */
function thresholdsLine(policy: Policy): readonly string[] {
  const { thresholds, holdNeedsFamilies } = policy;
  if (policy !== defaultPolicy) return [];
  const hold = `hold from ${thresholds.hold}, by points of ${holdNeedsFamilies} families`;
  return [`there is no policy, and the default one decides: limit from ${thresholds.limit} points, ${hold}`];
}

/** What the policy comes to: that it names a family takes the default caps from all others. */
function capsLine({ familyCaps }: Policy): string {
  const caps = families.flatMap((family) =>
    familyCaps[family] === undefined ? [] : `${family} ${familyCaps[family]}`,
  );
  const why = familyCaps === defaultPolicy.familyCaps ? ' (the policy has no family_caps: these are the defaults)' : '';
  return `points of a family are cut at: ${[...caps, 'all others 100'].join(', ')}${why}`;
}
