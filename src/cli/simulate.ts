import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../adapters/files/make-folder.js';
import { type LineWriter, openLines } from '../adapters/files/write-lines.js';
import { scenarios } from '../campaigns/attackers/scenarios.js';
import { tiers } from '../campaigns/attackers/tiers.js';
import { crowds } from '../campaigns/crowds/registry.js';
import { generateCampaign } from '../campaigns/generate-campaign.js';
import { knownExits } from '../campaigns/known-exits.js';
import type { Moment } from '../campaigns/timeline.js';
import { defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { lastRoundFiles, readLastRound } from './last-round.js';
import { readParameters, simulateOptions } from './simulate-parameters.js';
import { spareInputs } from './spare-inputs.js';

const usage = `usage: portcullis simulate [--tier T2] [--accounts 25000] [--honest N] [--seed S] [--days D] --out DIR [--json]

Writes a made-up campaign among made-up honest people: events.jsonl (contract events in the order of time),
labels.jsonl (truth that becomes known late), truth.jsonl (what each account is, for the scorecard) and manifest.json
(what was asked for, and under "made" how many accounts there are of each kind). One seed, one set of files, byte by byte.
  --tier T2            ${tiers.map(({ tier }) => tier).join(', ')}: from a script to near-human
  --scenario single    ${scenarios.map(({ name }) => name).join(', ')}
  --accounts 25000     fraudulent accounts; 0: none
  --honest N           about so many honest accounts, in whole groups; four for each fraudulent one, at least 10,000
  --crowds a=0.1,b=0   shares of honest accounts: ${crowds.map(({ name }) => name).join(', ')}
  --regime burn        burn: 857 exchanges a day for 1.3 days; pool: 32 a day for 36
  --days 21            days in all; --start TIME; --attack-from DAY, --attack-days N: when signups of the attack come
  --usage-days 2       days of usage counters an account
  --known-exits 0.3    share of residential proxies' /24 blocks that DIR/data/lists knows; VPNs and relays it knows all
  --adapt OUT.jsonl    replay's output beside an earlier round's files: the same world again, in which the attackers have
                       changed whatever got them held
Exit status: 0; 2 when the command line is wrong or DIR cannot be written to.`;

/** In the folder that `--out` names. */
const written = ['manifest.json', 'events.jsonl', 'labels.jsonl', 'truth.jsonl'] as const;

/** `simulate` */
export const run = defineCommand({
  usage,
  options: simulateOptions,
  refused: 2,
  async run(args) {
    const out = args.text('out');
    if (out === undefined) throw new UsageError('simulate needs --out DIR');
    const adapt = args.text('adapt');
    const lastRound = adapt === undefined ? [] : lastRoundFiles(adapt);
    for (const name of written) spareInputs({ reads: lastRound, writes: join(out, name) });
    const parameters = readParameters(args, adapt === undefined ? undefined : await readLastRound(adapt));
    await makeFolder(join(out, 'data/lists'));
    for (const [name, text] of knownExits(parameters)) await writeFile(join(out, 'data/lists', name), text);
    const { made, ...counts } = await writeMoments(out, generateCampaign(parameters));
    await writeFile(join(out, 'manifest.json'), `${JSON.stringify({ ...parameters, made }, null, 2)}\n`);
    if (args.flag('json')) printJson({ out, ...counts });
    else print(`${counts.events} events of ${counts.accounts} accounts, ${counts.labels} labels in ${out}`);
    return 0;
  },
});

/** Files are given time to be written after so many moments. */
const settleEvery = 256;

async function writeMoments(out: string, moments: Iterable<Moment>) {
  const open = (name: (typeof written)[number]) => openLines(join(out, name));
  const events = await open('events.jsonl');
  const labels = await open('labels.jsonl');
  const truths = await open('truth.jsonl');
  const files = [events, labels, truths];
  try {
    const counts = await writeInto({ events, labels, truths }, moments);
    await Promise.all(files.map((file) => file.close()));
    return counts;
  } catch (failure) {
    await Promise.all(files.map((file) => file.discard()));
    throw failure;
  }
}

type Writers = Readonly<Record<'events' | 'labels' | 'truths', LineWriter>>;

async function writeInto({ events, labels, truths }: Writers, moments: Iterable<Moment>) {
  const counts = { events: 0, accounts: 0, labels: 0, made: { honest: 0, fraud: 0 } };
  let sinceSettled = 0;
  for (const { event, label, truth } of moments) {
    if (event !== undefined) counts.events += writeLine(events, event);
    if (label !== undefined) counts.labels += writeLine(labels, label);
    if (truth !== undefined) {
      counts.accounts += writeLine(truths, truth);
      counts.made[truth.kind]++;
    }
    if (++sinceSettled % settleEvery === 0) await Promise.all([events, labels, truths].map((file) => file.settle()));
  }
  return counts;
}

function writeLine(file: LineWriter, value: unknown): 1 {
  file.write(JSON.stringify(value));
  return 1;
}
