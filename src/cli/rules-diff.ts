import type { BacktestReport } from '../backtest/report.js';
import type { Change } from '../ruleset/diff/change.js';
import { diffRuleSets } from '../ruleset/diff/diff-rule-sets.js';
import {
  defineCommand,
  type Environment,
  type ParsedArguments,
  print,
  printJson,
  UsageError,
} from './command-arguments.js';
import { decisionsText, diffDecisions } from './diff-decisions.js';
import { interrupted } from './interrupt.js';
import { loadSide, type NamedSide } from './rule-side.js';

const usage = `usage: portcullis rules diff OLD NEW [EVENTS.jsonl [--labels L.jsonl] | --service [--since 7d]] [--exit-code] [--json]

Says in words what changes from one rule set to another; what can hold more people comes first. With events it also says
which decisions change, and for whom.
  OLD, NEW           a directory, a Git revision (HEAD, HEAD~1, main:rules; without a path its folder RULES_DIR, or
                     rules), 'running' for the rules that the running service has in use, or sha256:… of a rule set that
                     it has decided with
  EVENTS.jsonl       past events, as in rules backtest
  --service          the stored decisions of the running service instead (HOST, PORT; BOOTSTRAP_API_KEY or DATA_DIR)
  --since, --until   of --service: a time, or a duration before now; 7d and now by default
  --labels L.jsonl   what accounts turned out to be, as in rules backtest
  --data DIR         asn.csv, country.csv, *.mmdb and lists/ instead of the usual ones
  --data-dir DIR     where the usual tables are kept (DATA_DIR, or .portcullis)
  --state, --exact, --horizon, --skip-bad, --examples, --reveal, --progress
                     as in rules backtest
  --exit-code        exit status 1 when there are differences, as git diff
  --json             for programs
Exit status: 0; with --exit-code 1 where there are differences; 2 when a rule set or an event cannot be used, or the
command line is wrong; 130 when Ctrl-C ended the backtest, which the report says too.`;

/** `rules diff` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: {
    service: { type: 'boolean' },
    since: { type: 'string' },
    until: { type: 'string' },
    labels: { type: 'string' },
    data: { type: 'string' },
    'data-dir': { type: 'string' },
    horizon: { type: 'string' },
    state: { type: 'string' },
    exact: { type: 'boolean' },
    'skip-bad': { type: 'boolean' },
    examples: { type: 'string' },
    reveal: { type: 'boolean' },
    progress: { type: 'boolean' },
    'exit-code': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  refused: 2,
  run: diff,
});

async function diff(args: ParsedArguments, environment: Environment): Promise<number> {
  const [old, fresh, events, more] = args.positionals;
  if (old === undefined || fresh === undefined || more !== undefined)
    throw new UsageError('rules diff needs OLD and NEW');
  const before = await loadSide(old, environment);
  const after = await loadSide(fresh, environment);
  const changes = diffRuleSets(before, after, Date.now());
  const isBacktest = events !== undefined || args.flag('service');
  const decisions = isBacktest ? await diffDecisions({ before, after, events }, { args, environment }) : null;
  if (args.flag('json')) printJson(diffJson({ before, after, changes, decisions }));
  else
    print(
      [diffText(changes, before, after), ...(decisions === null ? [] : ['', await decisionsText(decisions)])].join(
        '\n',
      ),
    );
  if (decisions?.partial === true) return interrupted;
  return args.flag('exit-code') && changes.length > 0 ? 1 : 0;
}

interface Differences {
  readonly before: NamedSide;
  readonly after: NamedSide;
  readonly changes: readonly Change[];
  readonly decisions: BacktestReport | null;
}

const diffJson = ({ before, after, changes, decisions }: Differences) => ({
  same: changes.length === 0,
  old: about(before),
  new: about(after),
  changes,
  ...(decisions === null ? {} : { decisions }),
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
  const count = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`;
  return [`${before.name} -> ${after.name}: ${count}`, ...sections].join('\n');
}

/** The thing itself has come, gone or become another; else the text says which key of it. */
const ofTheThing: ReadonlySet<string> = new Set(['added', 'removed', 'renamed', 'edited']);

const changeText = ({ thing, name, what, text }: Change): string =>
  `  ${thing} ${name}${ofTheThing.has(what) ? ` ${what}` : ''}: ${text}`;
