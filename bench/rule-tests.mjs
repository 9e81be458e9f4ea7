// Sequence tests over the default rules: node bench/rule-tests.mjs [TESTS] after npm run build.
// Limit: 200 tests of ten events each in five seconds of processor time, start and IP data included.
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const tests = Number(process.argv[2] ?? 200);
const perFile = 10;
const limitSeconds = (5 * tests) / 200;

/** Nine signups on one card and a key an hour later; three times each account is judged again. */
const test = (index) => `  - name: test ${index}
    clock: 2026-05-01T00:00:00Z
    given: { baseline: { all: { share: 0.0004, others: 2000 } } }
    events:
      - { repeat: 9, every: 20s, type: signup, account.id: "a{n}", email.address: "u{n}@ex{n}.com", ip: "203.0.113.{n}", device: { fingerprint: "d{n}", confidence: 0.9 }, payment: { fingerprint: c${index}, bin: "45717360" } }
      - { type: api_key_created, after: 1h, account.id: a1, ip: 203.0.113.1, api_key.id: k }
    expect:
      - { event: 5-9, fires: [payment-many-accounts] }
`;

const folder = await mkdtemp(join(tmpdir(), 'portcullis-rule-tests-'));
try {
  await cp('rules', folder, { recursive: true });
  await rm(join(folder, 'tests'), { recursive: true, force: true });
  await mkdir(join(folder, 'tests'));
  for (let from = 0; from < tests; from += perFile) {
    const own = Array.from({ length: Math.min(perFile, tests - from) }, (_, index) => test(from + index));
    await writeFile(join(folder, 'tests', `${from}.test.yml`), `tests:\n${own.join('')}`);
  }
  // As an author starts it: scripts/portcullis runs this file. Of the whole process: node's own start is waited for, too.
  process.argv.splice(2, process.argv.length, 'rules', 'test', folder);
  const started = performance.now();
  process.on('exit', (status) => {
    const wall = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage();
    const cpu = (user + system) / 1e6;
    const isKept = status === 0 && cpu <= limitSeconds;
    console.log(
      `${tests} sequence tests, ${tests * 10} events: ${cpu.toFixed(2)} s of processor time, ${wall.toFixed(2)} s, ${((1000 * cpu) / tests).toFixed(1)} ms a test; limit ${limitSeconds} s: ${isKept ? 'kept' : 'MISSED'}`,
    );
    process.exitCode = isKept ? 0 : 1;
    rmSync(folder, { recursive: true, force: true });
  });
  createRequire(import.meta.url)('../scripts/quick.cjs');
} catch (failure) {
  rmSync(folder, { recursive: true, force: true });
  throw failure;
}
