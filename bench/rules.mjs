// Rule evaluation against other ways to do it, on identical results. Run after `npm run build`: node bench/rules.mjs [DIST]

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { measure } from './rules/measure.mjs';
import { compileCel, compileHandWritten, compileJsonRules } from './rules/peers.mjs';
import { makeEvents, makeRules } from './rules/workload.mjs';

const dist = pathToFileURL(`${resolve(process.argv[2] ?? 'dist')}/`);
const { checkExpression } = await import(new URL('expression/check-expression.js', dist).href);
const { createConditionSet } = await import(new URL('expression/condition-set.js', dist).href);

const inputs = new Map(
  ['asn:number', 'domain:string', 'count:number', 'vpn:boolean'].map((field, slot) => {
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
  const set = createConditionSet(rules.map((rule) => checkExpression(rule.text, scope, 'boolean').value));
  return (event) => {
    const found = [];
    set.evaluate([event.asn, event.domain, event.count, event.vpn], (index) => found.push(index));
    return found;
  };
}

for (const count of [10, 100, 1_000, 10_000]) {
  const rules = makeRules(count);
  const events = makeEvents(200, count);
  const ours = compileOurs(rules);
  const perEvent = await measure(ours, events);
  const peers = {
    'hand-written JavaScript': compileHandWritten(rules),
    'cel-js': compileCel(rules),
    'json-rules-engine': compileJsonRules(rules),
  };
  const row = [`${count} rules: ${perEvent.toFixed(2)} µs an event`];
  for (const [name, run] of Object.entries(peers)) {
    for (const event of events.slice(0, 20)) {
      const [mine, theirs] = [ours(event), await run(event)];
      if (mine.join() !== theirs.join())
        throw new Error(`${name} disagrees on ${JSON.stringify(event)}: ${mine} and ${theirs}`);
    }
    row.push(`${name} takes ${((await measure(run, events)) / perEvent).toFixed(1)} times as long`);
  }
  console.log(row.join('; '));
}
