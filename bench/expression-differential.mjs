// A million (rule, facts) pairs, each evaluated in four ways. Run after `npm run build`:
//   node bench/expression-differential.mjs [--pairs 1000000] [--seed 1] [--dist dist]

import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

register('../test/support/typescript-hooks.mjs', import.meta.url);

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    dist: { type: 'string', default: 'dist' },
  },
});
const dist = pathToFileURL(`${resolve(values.dist)}/`);
const load = (file) => import(new URL(file, dist).href);
const { compareWorld, noComparison } = await import('../test/support/expression/compare-world.ts');
const product = {
  ...(await load('expression/check-expression.js')),
  ...(await load('expression/compile-expression.js')),
  ...(await load('expression/condition-set.js')),
  ...(await load('model/value.js')),
};

const comparison = noComparison();
const start = performance.now();
let seed = Number(values.seed);
for (; comparison.pairs < Number(values.pairs); seed++) {
  try {
    compareWorld(product, seed, comparison);
  } catch (thrown) {
    throw new Error(`seed ${seed}`, { cause: thrown });
  }
}
const seconds = ((performance.now() - start) / 1000).toFixed(0);
const { pairs, celPairs, unknown, differences } = comparison;
for (const difference of differences.slice(0, 10)) console.log(difference);
console.log(
  `${pairs} pairs of a rule and an event, seeds ${values.seed} to ${seed - 1}, ${unknown} with something missing, ` +
    `${celPairs} compared with cel-js too: ${differences.length} differences in ${seconds} s`,
);
process.exitCode = differences.length === 0 ? 0 : 1;
