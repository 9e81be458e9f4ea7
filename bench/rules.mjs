// Rule evaluation against other ways to do it, on identical results. Run after `npm run build`: node bench/rules.mjs [DIST]

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileHandIndexed, compileHandWritten } from './rules/hand-written.mjs';
import { compileCel, compileJsonRules, compileZen } from './rules/libraries.mjs';
import { measure } from './rules/measure.mjs';
import { makeEvents, makeHostileRules, makeRules } from './rules/workload.mjs';

const dist = pathToFileURL(`${resolve(process.argv[2] ?? 'dist')}/`);
const { checkExpression } = await import(new URL('expression/check-expression.js', dist).href);
const { conditionSet } = await import(new URL('expression/condition-set.js', dist).href);
const { finishSteps } = await import(new URL('model/steps.js', dist).href);

const inputs = new Map(
  ['asn:number', 'domain:string', 'count:number', 'vpn:boolean', 'address:string'].map((field, slot) => {
    const [name, type] = field.split(':');
    return [name, { name, type, slot, optional: true }];
  }),
);
const scope = {
  input: (name) => inputs.get(name),
  predicate: () => undefined,
  list: () => undefined,
  names: () => inputs.keys(),
  listNames: () => [],
};

function compileOurs(rules) {
  const set = finishSteps(conditionSet(rules.map((rule) => checkExpression(rule.text, scope, 'boolean').value)));
  return (event) => {
    const found = [];
    set.evaluate([event.asn, event.domain, event.count, event.vpn, event.address], (index) => found.push(index));
    return found;
  };
}

async function insistOnEqual(name, { ours, run, events }) {
  for (const event of events.slice(0, 20)) {
    const [mine, theirs] = [ours(event), await run(event)];
    if (mine.join() !== theirs.join())
      throw new Error(`${name} disagrees on ${JSON.stringify(event)}: ${mine} and ${theirs}`);
  }
}

/** One row of the table in bench/README.md: our time, and how many times as long each peer takes. */
async function printRow(rules, peers) {
  const events = makeEvents(200, rules.length);
  const ours = compileOurs(rules);
  const matches = events.reduce((sum, event) => sum + ours(event).length, 0) / events.length;
  const perEvent = await measure(ours, events);
  const cells = [rules.length, matches.toFixed(1), perEvent.toFixed(2)];
  for (const [name, compile] of Object.entries(peers)) {
    const run = compile(rules);
    await insistOnEqual(name, { ours, run, events });
    const ratio = (await measure(run, events)) / perEvent;
    cells.push(ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0));
  }
  console.log(`| ${cells.join(' | ')} |`);
  return perEvent;
}

function printHead(title, peers) {
  const heads = ['rules', 'matches', 'µs an event', ...Object.keys(peers)];
  console.log(`\n${title}\n\n| ${heads.join(' | ')} |\n|${heads.map(() => '---|').join('')}`);
}

const libraries = { 'zen-engine': compileZen, 'cel-js': compileCel, 'json-rules-engine': compileJsonRules };
const narrowed = { 'hand-written': compileHandWritten, 'hand-indexed': compileHandIndexed, ...libraries };
printHead('Conditions that an index narrows', narrowed);
const times = new Map();
for (const count of [10, 100, 1_000, 10_000]) times.set(count, await printRow(makeRules(count), narrowed));
console.log(`\n100 to 10,000 rules: ${(times.get(10_000) / times.get(100)).toFixed(1)} times as long`);

const hostile = { 'hand-written': compileHandWritten, ...libraries };
printHead('Conditions that no index narrows', hostile);
for (const count of [100, 1_000]) await printRow(makeHostileRules(count), hostile);
