import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLines } from '../adapters/files/read-lines.js';
import { openReplay, type ReplayWorld } from '../adapters/replay/open-replay.js';
import { renderPicture } from '../campaigns/picture/render-picture.js';
import { timelineOf } from '../campaigns/scoring/campaign-timeline.js';
import { mismatchOf } from '../campaigns/scoring/mismatch-of.js';
import { Stories } from '../campaigns/scoring/read-stories.js';
import { renderScorecard } from '../campaigns/scoring/render-table.js';
import { limitsOf, type Prices } from '../campaigns/scoring/score-attack.js';
import { type Scorecard, scoreCampaign } from '../campaigns/scoring/scorecard.js';
import type { Policy } from '../model/policy.js';
import { replayEvents } from '../replay/replay-events.js';
import { readToolConfig } from '../tool-config.js';
import { outcomeLines, truthLines } from './campaign-lines.js';
import {
  defineCommand,
  type Environment,
  openedWith,
  type ParsedArguments,
  print,
  printJson,
  UsageError,
} from './command-arguments.js';
import { eachJsonLine } from './json-lines.js';
import { lineText } from './line-text.js';
import { rulesDirectory } from './load-rules.js';
import { spareInputs } from './spare-inputs.js';

const usage = `usage: portcullis scorecard DIR [--rules DIR] [--outcomes OUT.jsonl] [--html FILE] [--json]

What the rules caught of a campaign that simulate wrote, and what honest people paid: recall per tier and pool, exchanges
that were not given away, false holds and limits per crowd (with 95 % intervals), rings against the truth.
  --rules DIR           the rules (RULES_DIR, or rules)
  --data DIR            IP data for the replay; DIR/data where simulate wrote it
  --data-dir DIR        where the usual tables are kept (DATA_DIR, or .portcullis)
  --outcomes OUT.jsonl  score this output of replay, of all its events, instead of replaying
  --html FILE           a picture of the campaign over time, with the same figures
  --json                all figures for programs
Exit status: 0, whatever the rules caught; 1 when there is nothing to score.`;

/** `scorecard` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: {
    rules: { type: 'string' },
    data: { type: 'string' },
    'data-dir': { type: 'string' },
    outcomes: { type: 'string' },
    html: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(args, environment) {
    const [dir, more] = args.positionals;
    if (dir === undefined || more !== undefined) throw new UsageError('scorecard needs one DIR that simulate wrote');
    const truth = join(dir, 'truth.jsonl');
    if (!existsSync(truth)) throw new UsageError(`there is no '${truth}'`);
    spareInputs({ reads: readOf(dir, args, environment), writes: args.text('html') });
    const world = await openWorld(dir, args, environment);
    const stories = new Stories();
    await eachJsonLine(truth, truthLines, (line) => stories.addTruth(line));
    const outcomes = args.text('outcomes');
    await (outcomes === undefined ? replayInto(stories, world, dir) : readInto(stories, outcomes));
    const mismatch = mismatchOf(stories);
    if (mismatch.length > 0)
      throw new UsageError(`cannot score ${outcomes ?? join(dir, 'events.jsonl')} by ${truth}: ${mismatch.join('; ')}`);
    const card = scoreCampaign(stories, pricesOf(world.ruleSet.policy));
    const html = args.text('html');
    if (html !== undefined) await writePicture(html, card, stories);
    if (args.flag('json')) printJson(card);
    else print(renderScorecard(card));
    return 0;
  },
});

const files = ['events.jsonl', 'labels.jsonl', 'truth.jsonl', 'manifest.json'] as const;

const readOf = (dir: string, args: ParsedArguments, environment: Environment): (string | undefined)[] => [
  ...files.map((name) => join(dir, name)),
  args.text('outcomes'),
  args.text('data') ?? join(dir, 'data'),
  rulesDirectory(args.text('rules'), environment),
];

async function openWorld(dir: string, args: ParsedArguments, environment: Environment): Promise<ReplayWorld> {
  const beside = join(dir, 'data');
  const world = await openReplay({
    rulesDir: rulesDirectory(args.text('rules'), environment),
    data: args.text('data') ?? (existsSync(beside) ? beside : undefined),
    dataDir: args.text('data-dir') ?? readToolConfig(environment).dataDir,
  });
  return openedWith(world);
}

async function replayInto(stories: Stories, world: ReplayWorld, dir: string): Promise<void> {
  const labels = join(dir, 'labels.jsonl');
  const ports = world.ports((line) => stories.addOutcome(line));
  await replayEvents(
    {
      events: readLines(join(dir, 'events.jsonl')),
      labels: existsSync(labels) ? readLines(labels) : undefined,
      horizonMs: 3_600_000,
      onBadLine(problem, file) {
        throw new UsageError(lineText(join(dir, `${file}.jsonl`), problem));
      },
    },
    ports,
  );
  stories.addCases(ports.takeCases());
}

async function readInto(stories: Stories, file: string): Promise<void> {
  if (!existsSync(file)) throw new UsageError(`there is no '${file}'`);
  await eachJsonLine(file, outcomeLines, (line) => stories.addOutcome(line));
}

/** Bars across the page. */
const pictureBins = 160;

async function writePicture(file: string, card: Scorecard, stories: Stories): Promise<void> {
  const drawing = { quotas: limitsOf(card.prices), rings: stories.rings };
  await writeFile(file, renderPicture(card, timelineOf([...stories.all()], { bins: pictureBins, drawing })));
}

/** What probation would be where the policy has none. */
const usualProbation = { perDay: 200, forMs: 86_400_000 };

const pricesOf = ({ limit, probation }: Policy): Prices => ({
  limitedPerDay: limit.requestsPerDay,
  ringLimitedPerDay: limit.ringRequestsPerDay,
  probation: probation === 'off' ? usualProbation : { perDay: probation.requestsPerDay, forMs: probation.forMs },
});
