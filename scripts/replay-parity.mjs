// node scripts/replay-parity.mjs [EVENTS] [SEED] [rings]: the same events through the service over HTTP and through a replay.
// With `rings` under all default rules: each event waits until everything that follows the one before is over, a third of a
// second or more.
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [count = '20000', seed = 'parity', rings = ''] = process.argv.slice(2);
const args = [
  '--no-warnings',
  '--import',
  './test/support/run-typescript.mjs',
  'test/support/run-parity.ts',
  count,
  seed,
  rings,
];
const { stdout } = await promisify(execFile)('node', args, { cwd: root, maxBuffer: 1 << 26 });
const { events, degraded, differences, outcomes, byRings } = JSON.parse(stdout);
console.log(
  `${events} events: ${JSON.stringify(outcomes)}; ${byRings} with a rule about rings; ${differences.length} decided differently`,
);
if (degraded > 0) console.log(`${degraded} not compared: the service lacked an input`);
for (const difference of differences.slice(0, 10)) console.log(JSON.stringify(difference));
process.exitCode = differences.length === 0 ? 0 : 1;
