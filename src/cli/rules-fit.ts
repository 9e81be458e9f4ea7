import { existsSync } from 'node:fs';
import { readLines } from '../adapters/files/read-lines.js';
import { openReplay, type ReplayWorld } from '../adapters/replay/open-replay.js';
import { watchReplay } from '../backtest/watch-replay.js';
import { ObservationCollector } from '../fitting/collect-observations.js';
import type { Figures } from '../fitting/compare-weightings.js';
import { LastRings } from '../fitting/last-rings.js';
import type { Observation } from '../fitting/observation.js';
import { pointsDiff } from '../fitting/points-diff.js';
import { leastOfEach, type Proposal, proposeWeights } from '../fitting/propose-weights.js';
import type { Share } from '../model/share.js';
import { replayEvents } from '../replay/replay-events.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { readToolConfig } from '../tool-config.js';
import { defineCommand, openedWith, print, printJson, UsageError } from './command-arguments.js';
import { readFinalLabels } from './final-labels.js';
import { lineText } from './line-text.js';
import { loadDirectory, rulesDirectory } from './load-rules.js';

const usage = `usage: portcullis rules fit EVENTS.jsonl --labels L.jsonl [--rules DIR] [--data DIR] [--json]

Proposes points and thresholds that the labels speak for: replays the events, weighs the rules that fired on labelled
accounts (signs, caps and the two-families rule stay), and prints a diff to review, with figures on accounts that the fit has
not seen and the honest people who would pay. It changes no file.
  --labels L.jsonl  {"at","account_id","label":"fraud|honest","source"} a line
  --rules DIR       the rules (RULES_DIR, or rules)
  --data DIR        as in replay
  --data-dir DIR    where the usual tables are kept (DATA_DIR, or .portcullis)
  --json            the proposal for programs
Exit status: 0 when there is a proposal or nothing to change, else 1.`;

/** `rules fit` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: {
    labels: { type: 'string' },
    rules: { type: 'string' },
    data: { type: 'string' },
    'data-dir': { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(args, environment) {
    const [file, more] = args.positionals;
    const labelFile = args.text('labels');
    if (file === undefined || more !== undefined) throw new UsageError('rules fit needs one EVENTS.jsonl');
    if (labelFile === undefined) throw new UsageError('rules fit needs --labels L.jsonl');
    for (const path of [file, labelFile]) if (!existsSync(path)) throw new UsageError(`there is no '${path}'`);
    const rulesDir = rulesDirectory(args.text('rules'), environment);
    const dataDir = args.text('data-dir') ?? readToolConfig(environment).dataDir;
    const world = openedWith(await openReplay({ rulesDir, data: args.text('data'), dataDir }));
    const { ruleSet } = world;
    const proposal = proposeWeights(await observe({ world, file, labelFile }), ruleSet.policy);
    if (proposal === undefined)
      throw new UsageError(
        `too few labels: at least ${leastOfEach} of each kind are needed, on accounts of the events`,
      );
    const { files } = await loadDirectory(rulesDir);
    const factors = new Map(proposal.factors.map(({ rule, factor }) => [rule, factor]));
    const diff = pointsDiff({ files, factors, thresholds: proposal.thresholds });
    if (args.flag('json')) printJson({ ...proposal, changes: Object.fromEntries(proposal.changes), diff });
    else print(report(proposal, diff, ruleSet));
    return 0;
  },
});

interface Sources {
  readonly world: ReplayWorld;
  readonly file: string;
  readonly labelFile: string;
}

/** Throws `UsageError` at a line that cannot be used. */
async function observe({ world, file, labelFile }: Sources): Promise<readonly Observation[]> {
  const labels = await readFinalLabels(labelFile);
  const collector = new ObservationCollector(labels);
  const rings = new LastRings();
  const ports = watchReplay(
    world.ports(() => undefined, { onRings: (changes) => rings.note(changes) }),
    ({ draft, inputs }, { findings }) => collector.add({ draft, inputs, hits: findings.hits }),
  );
  await replayEvents(
    {
      events: readLines(file),
      labels: readLines(labelFile),
      horizonMs: 3_600_000,
      onBadLine(problem, where) {
        throw new UsageError(lineText(where === 'events' ? file : labelFile, problem));
      },
    },
    ports,
  );
  return collector.observations(rings);
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.01 ? 2 : 1)} %`;
const shown = ({ share, low, high, count, of }: Share): string =>
  share === null ? 'of none' : `${percent(share)} (${percent(low)} to ${percent(high)}; ${count} of ${of})`;

function report(proposal: Proposal, diff: string, ruleSet: RuleSet): string {
  const { strength, factors, payers, changes, observations, heldOut, training } = proposal;
  const titles = new Map(ruleSet.rules.map(({ id, family }) => [id, family]));
  return [
    `${observations.fraud} fraudulent and ${observations.honest} honest accounts with a label`,
    '',
    ...held(strength),
    ...(diff === '' ? [nothing(strength)] : [diff]),
    ...factors.map(
      ({ rule, factor, fraud, honest }) =>
        `  ${rule} (${titles.get(rule)}): times ${factor}; fired on ${fraud} fraudulent and ${honest} honest accounts`,
    ),
    ...figures('on the accounts that the points were fitted to', training),
    ...figures('on accounts that the fit has not seen, whole rings at a time', heldOut),
    ...estimated,
    ...[...changes].map(([change, { fraud, honest }]) => `  ${change}: ${fraud} fraudulent, ${honest} honest`),
    'Honest people who would pay (held more often than today):',
    ...(payers.length === 0
      ? ['  none among the labelled']
      : payers.slice(0, 20).map(({ trait, value, before, after }) => {
          return `  ${trait} = ${value}: ${shown(before)} to ${shown(after)}`;
        })),
  ].join('\n');
}

const beyond =
  'With more, more honest accounts would be held than the budget, or limited than today, among those it was fitted to.';

function held(strength: number): string[] {
  if (strength === 1) return [];
  const part =
    strength === 0 ? 'No points are changed' : `Taken back to ${100 * strength} % of what the labels speak for`;
  return [`${part}. ${beyond}`, ''];
}

const nothing = (strength: number): string =>
  strength === 1 ? 'Nothing to change: the labels speak for the points as they are.' : 'Nothing to propose.';

/** `rules backtest` judges all decisions of an account, and may count one or another account otherwise. */
const estimated = [
  "Access that would have been another, by each account's weightiest decision of today alone: an estimate, without judging",
  'again, and with the rings as they were. rules backtest --baseline judges every event with the points of the diff.',
];

const figures = (where: string, { before, after }: { before: Figures; after: Figures }): string[] => [
  '',
  `Held or denied, ${where}:`,
  `  of the fraudulent  ${shown(before.recall)} to ${shown(after.recall)}`,
  `  of the honest      ${shown(before.falseHolds)} to ${shown(after.falseHolds)}`,
  `  honest limited     ${shown(before.falseLimits)} to ${shown(after.falseLimits)}`,
  '',
];
