import type { RuleMode } from '../model/rule.js';
import { complain, defineCommand, type Environment, print, printJson, UsageError } from './command-arguments.js';
import { rulesDirectory } from './load-rules.js';
import { type ModeChange, modeOf, planModeChange, reachOf } from './mode-change.js';
import { openServiceClient } from './service-client.js';
import {
  fetchTrial,
  isEasing,
  modeWords,
  shareText,
  sinceOf,
  type TrialReport,
  type TrialRule,
} from './trial-report.js';

const usage = `usage: portcullis rules promote ID [--to live|20%] [--since 7d] [--force] [--rules DIR] [--json]

Prints the change that lets a rule count for more accounts, as a commit message and a diff: \`| git apply\` takes it at the
top of the repository. No file is written. Asks the running service (HOST, PORT) what the rule has done since it says what
it says, and refuses when that is not enough.
  --to MODE    live (the default), or a share of the accounts
  --since 7d   decisions from this time on, at most 90 days
  --force      print it all the same, and say in the message what speaks against it
  --rules DIR  the rules (RULES_DIR, or rules)
Exit status: 0 when there is a change, else 1.`;

/** `rules promote` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: {
    to: { type: 'string' },
    since: { type: 'string' },
    force: { type: 'boolean' },
    rules: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(args, environment) {
    const [id, ...rest] = args.positionals;
    if (id === undefined || rest.length > 0) throw new UsageError('name one rule: rules promote ID');
    const to = promotedMode(args.text('to') ?? 'live');
    const since = sinceOf(args.text('since'), Date.now());
    const change = await planModeChange(rulesDirectory(args.text('rules'), environment), id, to);
    if (reachOf(to) <= reachOf(change.from))
      throw new UsageError(
        `'${id}' is ${modeWords(change.from)}: that is no promotion; 'rules withdraw' goes the other way`,
      );
    const force = args.flag('force');
    const trial = await evidenceOf(change, { since, force, environment });
    const against = trial.against;
    if (against.length > 0 && !force) {
      if (args.flag('json')) printJson({ rule: id, refused: against });
      else
        complain(
          [`'${id}' is not to be promoted yet (--force prints the change all the same):`, ...against].join('\n  - '),
        );
      return 1;
    }
    const message = promotionMessage(change, trial);
    if (args.flag('json')) printJson({ rule: id, from: change.from, to, message, diff: change.diff, against });
    else print(`${message}\n\n${change.diff}`);
    return 0;
  },
});

function promotedMode(text: string): Exclude<RuleMode, 'off' | 'shadow'> {
  const mode = modeOf(text);
  if (mode === undefined || mode === 'off' || mode === 'shadow')
    throw new UsageError(`--to is live or a share such as 20%, not '${text}'`);
  return mode;
}

interface Trial {
  /** Undefined where the service could not tell. */
  readonly rule: TrialRule | undefined;
  readonly range: TrialReport['evidence'] | undefined;
  readonly against: readonly string[];
}

interface Asking {
  readonly since: number;
  readonly force: boolean;
  readonly environment: Environment;
}

async function evidenceOf(change: ModeChange, { since, force, environment }: Asking): Promise<Trial> {
  const nothing = (why: string): Trial => ({ rule: undefined, range: undefined, against: [why] });
  try {
    const report = await fetchTrial(await openServiceClient(environment), { since, rule: change.rule });
    const rule = report?.data[0];
    if (report === undefined || rule === undefined) return nothing('the running service has no such rule');
    if (rule.definition !== change.definition)
      return nothing('the running service has another version of this rule: what it did says nothing of this one');
    const { recommendation, reasons } = rule.advice;
    return { rule, range: report.evidence, against: recommendation === 'promote' ? [] : reasons };
  } catch (failure) {
    if (!force || !(failure instanceof UsageError)) throw failure;
    return nothing(`nobody was asked: ${failure.message}`);
  }
}

function promotionMessage({ rule: id, from, to }: ModeChange, { rule, range, against }: Trial): string {
  const head = `${id}: ${modeWords(to)}, was ${modeWords(from)}`;
  const doubts = against.length === 0 ? [] : ['', 'Forced, although:', ...against.map((reason) => `- ${reason}`)];
  if (rule === undefined || range === undefined) return [head, ...doubts].join('\n');
  const { evidence, counts } = rule;
  return [
    head,
    '',
    `Since ${range.since.slice(0, 10)}: ${range.decisions} decisions on ${range.accounts} accounts.`,
    `Fired on ${evidence.accounts} accounts; ${counts.last_7d.fired} times of ${counts.last_7d.evaluated} in the last 7 days.`,
    ...(isEasing(evidence) ? letIn(evidence) : stopped(evidence)),
    ...doubts,
  ].join('\n');
}

const stopped = ({ precision, recall, ...accounts }: TrialRule['evidence']): string[] => [
  `Precision ${shareText(precision)}; recall ${shareText(recall)}.`,
  `For everybody it would hold ${accounts.newly_held} accounts that nothing else holds and limit ${accounts.newly_limited}; honest who pay: ${accounts.honest_pay}.`,
];

const letIn = ({ precision, changes }: TrialRule['evidence']): string[] => [
  `For everybody ${changes.reduce((sum, { decisions }) => sum + decisions, 0)} decisions come out looser with it.`,
  `Fraud among the labelled accounts that it fires on: ${shareText(precision)}.`,
];
