import type { Change } from '../ruleset/diff/change.js';
import { diffRuleSets } from '../ruleset/diff/diff-rule-sets.js';
import { defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { loadSide, type NamedSide } from './rule-side.js';

const usage = `usage: portcullis rules diff OLD NEW [--exit-code] [--json]

Says in words what changes from one rule set to another; what can hold more people comes first.
  OLD, NEW       a directory, a Git revision (HEAD, HEAD~1, main:rules; without a path its folder of the same name as
                 RULES_DIR, or rules), or sha256:… of a rule set that the running service has decided with
  --exit-code    exit status 1 when there are differences, as git diff
  --json         for programs
Exit status: 0; 1 with --exit-code where there are differences, and for a wrong command line; 2 when a rule set has errors.`;

/** `rules diff` */
export const run = defineCommand({
  usage,
  options: { 'exit-code': { type: 'boolean' }, json: { type: 'boolean' } },
  async run(args, environment) {
    const [old, fresh, more] = args.positionals;
    if (old === undefined || fresh === undefined || more !== undefined)
      throw new UsageError('rules diff needs OLD and NEW');
    const before = await loadSide(old, environment);
    const after = await loadSide(fresh, environment);
    if (before === undefined || after === undefined) return 2;
    const changes = diffRuleSets(before, after, Date.now());
    if (args.flag('json')) printJson({ same: changes.length === 0, old: about(before), new: about(after), changes });
    else print(diffText(changes, before, after));
    return args.flag('exit-code') && changes.length > 0 ? 1 : 0;
  },
});

const about = ({ name, ruleSet }: NamedSide) => ({
  source: name,
  version: ruleSet.version,
  hash: ruleSet.hash,
  rules: ruleSet.rules.length,
});

const headings: Readonly<Record<Change['effect'], string>> = {
  stricter: 'Can hold or limit more people:',
  either: 'Can do one or the other:',
  looser: 'Can hold or limit fewer people:',
  none: 'Changes no outcome:',
};

function diffText(changes: readonly Change[], before: NamedSide, after: NamedSide): string {
  if (changes.length === 0) return `no difference between '${before.name}' and '${after.name}'`;
  const sections = Object.entries(headings).flatMap(([effect, heading]) => {
    const some = changes.filter((change) => change.effect === effect);
    return some.length === 0 ? [] : ['', heading, ...some.map(changeText)];
  });
  return [`${before.name} -> ${after.name}: ${counted(changes)}`, ...sections].join('\n');
}

const counted = (changes: readonly Change[]): string =>
  `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`;

const changeText = ({ thing, name, what, text }: Change): string => {
  const verb = what === 'added' || what === 'removed' || what === 'renamed' || what === 'edited' ? ` ${what}` : '';
  return `  ${thing} ${name}${verb}: ${text}`;
};
