import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LineWriter, openLines } from '../adapters/files/write-lines.js';
import { generateCampaign } from '../campaigns/generate-campaign.js';
import type { Moment } from '../campaigns/timeline.js';
import { defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { readParameters, simulateOptions } from './simulate-parameters.js';

const usage = `usage: portcullis simulate [--tier T2] [--accounts 25000] [--honest N] [--seed S] [--days D] --out DIR [--json]

Writes a made-up campaign among made-up honest people: events.jsonl (contract events in the order of time),
labels.jsonl (truth that becomes known late), truth.jsonl (what each account is, for the scorecard) and manifest.json.
One seed, one set of files, byte by byte.`;

/** `simulate` */
export const run = defineCommand({
  usage,
  options: simulateOptions,
  async run(args) {
    const out = args.text('out');
    if (out === undefined) throw new UsageError('simulate needs --out DIR');
    const parameters = readParameters(args);
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'manifest.json'), `${JSON.stringify(parameters, null, 2)}\n`);
    const counts = await writeMoments(out, generateCampaign(parameters));
    if (args.flag('json')) printJson({ out, ...counts });
    else print(`${counts.events} events of ${counts.accounts} accounts, ${counts.labels} labels in ${out}`);
    return 0;
  },
});

/** Files are given time to be written after so many moments. */
const settleEvery = 256;

async function writeMoments(out: string, moments: Iterable<Moment>) {
  const open = (name: string) => openLines(join(out, name));
  const events = await open('events.jsonl');
  const labels = await open('labels.jsonl');
  const truths = await open('truth.jsonl');
  const counts = { events: 0, accounts: 0, labels: 0 };
  let sinceSettled = 0;
  for (const { event, label, truth } of moments) {
    if (event !== undefined) counts.events += writeLine(events, event);
    if (label !== undefined) counts.labels += writeLine(labels, label);
    if (truth !== undefined) counts.accounts += writeLine(truths, truth);
    if (++sinceSettled % settleEvery === 0) await Promise.all([events, labels, truths].map((file) => file.settle()));
  }
  await Promise.all([events, labels, truths].map((file) => file.close()));
  return counts;
}

function writeLine(file: LineWriter, value: unknown): 1 {
  file.write(JSON.stringify(value));
  return 1;
}
