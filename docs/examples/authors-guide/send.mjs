/**
 * Sends the events of a file to the service on this machine, each account's one after the other, and then what is known of
 * the accounts. Names a decision that a rule in shadow would have changed. Ends with status 1 when something was refused.
 *   node send.mjs EVENTS.jsonl LABELS.jsonl     (HOST, PORT, BOOTSTRAP_API_KEY)
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const { HOST = '127.0.0.1', PORT = '8080', BOOTSTRAP_API_KEY } = process.env;
const [eventsFile, labelsFile] = process.argv.slice(2);
const linesOf = (file) => readFileSync(file, 'utf8').trim().split('\n');
const inFlight = 4;

/** In flight, too many, or for a moment without a store: to come again is right, and an event is decided once. */
const comeAgain = new Set([409, 429, 503]);
const attempts = 8;

async function post(path, body, attempt = 1) {
  const response = await fetch(`http://${HOST}:${PORT}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.ok) return response.json();
  if (!comeAgain.has(response.status) || attempt === attempts)
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
  await sleep(1000 * Number(response.headers.get('retry-after') ?? 1));
  return post(path, body, attempt + 1);
}

/** Several accounts at once. */
async function inTurn(accounts, send) {
  const waiting = accounts.values();
  const lane = async () => {
    for (const account of waiting) await send(account);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

const events = linesOf(eventsFile).map((line) => JSON.parse(line));
const byAccount = new Map();
for (const event of events) {
  const list = byAccount.get(event.account.id) ?? [];
  list.push(event);
  byAccount.set(event.account.id, list);
}
let told;
await inTurn([...byAccount.values()], async (list) => {
  for (const event of list) {
    const decision = await post('/v1/evaluations', event);
    if (decision.shadow.length > 0) told = decision;
  }
});
const labels = linesOf(labelsFile)
  .map((line) => JSON.parse(line))
  .filter(({ account_id }) => byAccount.has(account_id));
await inTurn(labels, ({ account_id, label, source }) => post(`/v1/accounts/${account_id}/labels`, { label, source }));
process.stdout.write(`${events.length} events of ${byAccount.size} accounts sent, ${labels.length} labels\n`);
if (told !== undefined) process.stdout.write(`in shadow: ${told.id} (${told.shadow.map(({ rule }) => rule).join(', ')})\n`);
