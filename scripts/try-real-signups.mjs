/**
 * Sends signups with real addresses and real user agents to a service on this machine, and tells what became of each
 * crowd of people.
 *   node scripts/try-real-signups.mjs http://127.0.0.1:8080 pk_… [--count 1200] [--data DIR] [--seed 1] [--json]
 * DIR may hold lists of real VPN, data centre, relay and Tor ranges; without it they come from the table of networks.
 * Ends with status 1 when anything was not decided. The same seed gives the same people.
 */
import { parseArgs } from 'node:util';
import { readAddresses } from './try-real-signups/addresses.mjs';
import { planTrial } from './try-real-signups/events.mjs';
import { peopleMaker } from './try-real-signups/people.mjs';
import { seededRandom } from './try-real-signups/random.mjs';
import { printReport, summarize } from './try-real-signups/report.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '1200' },
    data: { type: 'string' },
    seed: { type: 'string', default: '1' },
    concurrency: { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
  },
});

const [base, key] = positionals;
if (base === undefined || key === undefined || !isLoopback(base)) {
  process.stderr.write(
    'usage: node scripts/try-real-signups.mjs http://127.0.0.1:PORT API_KEY [--count N] [--data DIR] [--seed N] [--json]\n',
  );
  process.exit(1);
}

/** People's real addresses must not leave this machine. */
function isLoopback(text) {
  const host = URL.canParse(text) ? new URL(text).hostname : '';
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Past times within the day that the service believes, so that windows and delays are those of a real afternoon. */
const spanS = 20 * 3600;
const start = Date.now() - (spanS + 600) * 1000;
const { pools, sources } = readAddresses(options.data);
const make = peopleMaker(seededRandom(Number(options.seed)), pools);
const tag = `${options.seed}-${start.toString(36)}`;
const events = planTrial(make, { count: Number(options.count), start, spanS, tag });

/** Several at once, but the events of one account one after the other, and all started in order of time. */
async function sendAll(items) {
  const results = [];
  const lastOf = new Map();
  const running = new Set();
  for (const item of items) {
    while (running.size >= Number(options.concurrency)) await Promise.race(running);
    const before = lastOf.get(item.accountId) ?? Promise.resolve();
    const sent = before.then(() => send(item)).then((result) => void results.push(result));
    lastOf.set(item.accountId, sent);
    const tracked = sent.finally(() => running.delete(tracked));
    running.add(tracked);
  }
  await Promise.all(running);
  return results;
}

const retryable = new Set([409, 429, 503]);
const retries = 5;

/** A service that asks to come again is asked again with the same event: it is decided once. */
async function send(item, attempt = 0) {
  const { crowd, accountId, body } = item;
  try {
    const response = await fetch(new URL('/v1/evaluations', base), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (retryable.has(response.status) && attempt < retries) {
      retried++;
      await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get('retry-after') ?? 1)));
      return send(item, attempt + 1);
    }
    return { crowd, accountId, status: response.status, decision: response.ok ? answer : undefined };
  } catch (error) {
    return { crowd, accountId, status: error.cause?.code ?? error.message, decision: undefined };
  }
}

let retried = 0;
const began = performance.now();
const summary = summarize(await sendAll(events));
const seconds = (performance.now() - began) / 1000;
if (options.json)
  process.stdout.write(
    `${JSON.stringify({ seed: Number(options.seed), events: events.length, seconds, retried, sources, ...summary })}\n`,
  );
else {
  process.stdout.write(
    `${events.length} events in ${seconds.toFixed(1)} s, ${retried} asked again; addresses: ${JSON.stringify(sources)}\n\n`,
  );
  printReport(summary, (line) => process.stdout.write(`${line}\n`));
}
process.exitCode = Object.keys(summary.failures).length > 0 ? 1 : 0;
