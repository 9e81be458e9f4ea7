// Look-ups in interval tables over many ranges: node bench/lists.mjs [RANGES] after npm run build.
import { V4Table } from '../dist/lists/v4-table.js';
import { V6Table } from '../dist/lists/v6-table.js';

const ranges = Number(process.argv[2] ?? 1_000_000);
const lookups = 2_000_000;

/** xorshift32, so that every run asks the same. */
function numbers(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function timed(work) {
  const start = process.hrtime.bigint();
  const value = work();
  return { value, seconds: Number(process.hrtime.bigint() - start) / 1e9 };
}

function best(lookup) {
  let found = 0;
  const seconds = Array.from(
    { length: 5 },
    () =>
      timed(() => {
        for (let i = 0; i < lookups; i++) found += lookup(i) === 0 ? 0 : 1;
      }).seconds,
  );
  return { perSecond: Math.round(lookups / Math.min(...seconds)), found };
}

function v4() {
  const next = numbers(1);
  const starts = Uint32Array.from({ length: ranges }, () => next() & ~255);
  const ends = starts.map((start) => start + 255);
  const values = starts.map((_, i) => 1 << (i % 8));
  const built = timed(() => V4Table.build({ starts, ends, values }, 'union'));
  const asked = Uint32Array.from({ length: lookups }, next);
  const { perSecond } = best((i) => built.value.lookup(asked[i]));
  return { family: 4, ranges, stretches: built.value.values.length, buildSeconds: built.seconds, perSecond };
}

function v6() {
  const next = numbers(2);
  const starts = new Uint32Array(ranges * 4);
  for (let i = 0; i < ranges; i++) starts.set([0x20000000 | (next() >>> 4), next() & 0xffff0000, 0, 0], i * 4);
  const ends = starts.map((word, i) => (i % 4 === 1 ? word | 0xffff : i % 4 > 1 ? 0xffffffff : word));
  const values = Uint32Array.from({ length: ranges }, (_, i) => 1 << (i % 8));
  const built = timed(() => V6Table.build({ starts, ends, values }, 'union'));
  const asked = Array.from({ length: 100_000 }, () => [0x20000000 | (next() >>> 4), next(), next(), next()]);
  const { perSecond } = best((i) => built.value.lookup(asked[i % asked.length]));
  return { family: 6, ranges, stretches: built.value.values.length, buildSeconds: built.seconds, perSecond };
}

for (const result of [v4(), v6()]) console.log(JSON.stringify(result));
