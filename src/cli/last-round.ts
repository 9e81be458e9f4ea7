import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HeldReasons } from '../campaigns/attackers/adaptation.js';
import type { CampaignParameters } from '../campaigns/generate-campaign.js';
import { outcomeLines, truthLines } from './campaign-lines.js';
import { UsageError } from './command-arguments.js';
import { eachJsonLine } from './json-lines.js';

/** What an earlier round is read from: replay's output beside simulate's files. */
export const lastRoundFiles = (outcomes: string): readonly [string, string, string] => [
  outcomes,
  join(dirname(outcomes), 'manifest.json'),
  join(dirname(outcomes), 'truth.jsonl'),
];

/** The parameters of an earlier round, with what its attackers change after what replay did to them. */
export async function readLastRound(outcomes: string): Promise<CampaignParameters> {
  const [, manifest, truth] = lastRoundFiles(outcomes);
  for (const path of lastRoundFiles(outcomes))
    if (!existsSync(path))
      throw new UsageError(`there is no '${path}': --adapt needs replay's output beside simulate's files`);
  const last: CampaignParameters = JSON.parse(await readFile(manifest, 'utf8'));
  const fraud = new Set<string>();
  await eachJsonLine(truth, truthLines, ({ kind, account_id }) => {
    if (kind === 'fraud') fraud.add(account_id);
  });
  const seen = new HeldReasons();
  await eachJsonLine(outcomes, outcomeLines, ({ account_id, outcome, reasons }) => {
    if (fraud.has(account_id) && (outcome === 'hold' || outcome === 'deny')) seen.add(reasons ?? []);
  });
  return { ...last, adapted: [...last.adapted, ...seen.changed()] };
}
