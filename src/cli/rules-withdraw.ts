import type { RuleMode } from '../model/rule.js';
import { defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { rulesDirectory } from './load-rules.js';
import { modeOf, planModeChange, reachOf } from './mode-change.js';
import { modeWords } from './trial-report.js';

const usage = `usage: portcullis rules withdraw ID [--to shadow|off|20%] [--rules DIR] [--json]

Prints the change that lets a rule count for fewer accounts or for none, as a commit message and a diff: \`| git apply\` takes
it at the top of the repository. No file is written, and nobody is asked.
  --to MODE    shadow (the default), off, or a share of the accounts
  --rules DIR  the rules (RULES_DIR, or rules)
Exit status: 0 when there is a change, else 1.`;

/** `rules withdraw` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: { to: { type: 'string' }, rules: { type: 'string' }, json: { type: 'boolean' } },
  async run(args, environment) {
    const [id, ...rest] = args.positionals;
    if (id === undefined || rest.length > 0) throw new UsageError('name one rule: rules withdraw ID');
    const to = withdrawnMode(args.text('to') ?? 'shadow');
    const change = await planModeChange(rulesDirectory(args.text('rules'), environment), id, to);
    const { from, diff } = change;
    if (reachOf(to) >= reachOf(from))
      throw new UsageError(`'${id}' is ${modeWords(from)}: that is no withdrawal; 'rules promote' goes the other way`);
    const message = `${id}: ${modeWords(to)}, was ${modeWords(from)}`;
    if (args.flag('json')) printJson({ rule: id, from, to, message, diff });
    else print(`${message}\n\n${diff}`);
    return 0;
  },
});

function withdrawnMode(text: string): RuleMode {
  const mode = modeOf(text);
  if (mode === undefined || mode === 'live')
    throw new UsageError(`--to is shadow, off or a share such as 20%, not '${text}'`);
  return mode;
}
