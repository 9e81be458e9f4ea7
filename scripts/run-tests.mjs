/** Runs each check, then jest; ends with one line that counts, and with a failing status if anything failed. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'portcullis-test-'));
const report = join(folder, 'jest.json');
const args = process.argv.slice(2);

/** Checks that are not jest's; each counts as one. */
const checks = [
  ['formatting and lint', 'node_modules/.bin/biome', ['check', '.', '--error-on-warnings']],
  ['types', 'node_modules/.bin/tsc', ['-p', 'tsconfig.json', '--noEmit']],
  ['types of the console', 'node_modules/.bin/tsc', ['-p', 'src/console/tsconfig.json', '--noEmit']],
  ['the console knows the API as it is', 'node', ['scripts/console-types.mjs', '--check']],
  ['docs/signals.md says what the registry does', 'node', ['scripts/signals-reference.mjs', '--check']],
  ['default rules', 'scripts/portcullis', ['rules', 'check', 'rules', '--strict']],
  ['tests of the default rules', 'scripts/portcullis', ['rules', 'test', 'rules']],
];

const run = (command, commandArgs) => spawnSync(command, commandArgs, { stdio: 'inherit' }).status === 0;

/** What a check says is printed in one piece, under its name: others run beside it. */
const check = ([name, command, commandArgs]) =>
  new Promise((settle) => {
    execFile(command, commandArgs, { maxBuffer: Number.POSITIVE_INFINITY }, (error, said, complaints) => {
      console.log(`\n== ${name}\n${said}${complaints}`.trimEnd());
      if (error !== null) console.log(error.message.split('\n', 1)[0]);
      settle(error === null);
    });
  });

let passed = 0;
let failed = 0;
const waiting = args.length > 0 ? [] : [...checks];
const checkAll = async () => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (await check(next)) passed++;
    else failed++;
  }
};
// One for each core of the smallest machine: each keeps a core busy.
await Promise.all([checkAll(), checkAll()]);

/**
 * Each test file loads the program anew, so that V8 would optimise the same functions anew, hundreds of times: a quarter of
 * all time. These ask for it later, and collect young garbage less often.
 */
const v8Flags = [
  '--interrupt-budget=300000',
  '--wasm-tiering-budget=2000000000',
  '--min-semi-space-size=32',
  '--max-semi-space-size=64',
];

console.log('\n== tests');
const jest = [
  ...v8Flags,
  '--experimental-vm-modules',
  '--no-warnings',
  'node_modules/jest/bin/jest.js',
  '--json',
  `--outputFile=${report}`,
];
const jestOk = run('node', [...jest, ...args]);
try {
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  passed += counts.numPassedTests;
  failed += counts.numFailedTests + counts.numRuntimeErrorTestSuites;
} catch {
  failed++;
}
rmSync(folder, { recursive: true, force: true });
// A jest that fails without a failing test (a leak, a crash) must still count.
if (!jestOk && failed === 0) failed++;
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
