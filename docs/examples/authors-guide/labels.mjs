/**
 * What `simulate` knows of everybody as labels, learnt a month after the signup: too late to change what the rules see, and
 * early enough to judge them by.
 *   node labels.mjs CAMPAIGN > LABELS.jsonl
 */
import { readFileSync } from 'node:fs';

const [campaign] = process.argv.slice(2);
const monthMs = 30 * 24 * 3600 * 1000;
for (const line of readFileSync(`${campaign}/truth.jsonl`, 'utf8').trim().split('\n')) {
  const { account_id, kind, signup_at } = JSON.parse(line);
  const at = new Date(Date.parse(signup_at) + monthMs).toISOString();
  const label = kind === 'honest' ? 'honest' : 'fraud';
  process.stdout.write(`${JSON.stringify({ at, account_id, label, source: 'simulate' })}\n`);
}
