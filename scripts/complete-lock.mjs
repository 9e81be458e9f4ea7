/**
 * Completes package-lock.json after `npm install`: adds the platform packages that the registry at hand did not offer,
 * as entries with version, os and cpu, so that `npm ci` accepts the lock everywhere. Run after changing dependencies.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const systems = {
  darwin: 'darwin',
  win32: 'win32',
  linux: 'linux',
  android: 'android',
  freebsd: 'freebsd',
  openharmony: 'openharmony',
  wasm32: 'wasi',
};
const processors = ['x64', 'arm64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32'];

/** What a platform package's name says about where it runs. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = words.map((word) => systems[word]).find((found) => found !== undefined);
  const cpu = processors.find((processor) =>
    words.some((word) => word === processor || (processor === 'arm' && /^arm(-|$)|^armhf/.test(word))),
  );
  return { os: [os ?? 'none'], cpu: [cpu ?? 'none'] };
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
let added = 0;
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] !== undefined) continue;
    lock.packages[key] = { version, ...platformOf(name), optional: true };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages added`);
