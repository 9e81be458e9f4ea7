import { Environment } from '@marcbachmann/cel-js';
import { Engine } from 'json-rules-engine';

const closures = {
  asn:
    ({ a }) =>
    (e) =>
      e.asn === a && e.count >= 3,
  domain:
    ({ a }) =>
    (e) =>
      e.domain === a && e.vpn,
  band:
    ({ a, b }) =>
    (e) =>
      e.count >= a && e.count < b,
  either:
    ({ a, b }) =>
    (e) =>
      e.vpn && (e.asn === a || e.domain === b),
};

const trueOnes = (tests, event) => {
  const found = [];
  for (let i = 0; i < tests.length; i++) if (tests[i](event)) found.push(i);
  return found;
};

/** An array of predicate functions, every one called: what one would write by hand first. */
export function compileHandWritten(rules) {
  const tests = rules.map((rule) => closures[rule.kind](rule));
  return (event) => trueOnes(tests, event);
}

/** Fields are declared double and numbers are written as doubles, so that JavaScript numbers compare. */
export function compileCel(rules) {
  const env = new Environment()
    .registerVariable('asn', 'double')
    .registerVariable('domain', 'string')
    .registerVariable('count', 'double')
    .registerVariable('vpn', 'bool');
  const tests = rules.map(({ text }) => env.parse(text.replace(/(== |>= |< )(\d+)/g, '$1$2.0')));
  return (event) => trueOnes(tests, event);
}

const is = (fact, operator, value) => ({ fact, operator, value });
const conditions = {
  asn: ({ a }) => ({ all: [is('asn', 'equal', a), is('count', 'greaterThanInclusive', 3)] }),
  domain: ({ a }) => ({ all: [is('domain', 'equal', a), is('vpn', 'equal', true)] }),
  band: ({ a, b }) => ({ all: [is('count', 'greaterThanInclusive', a), is('count', 'lessThan', b)] }),
  either: ({ a, b }) => ({
    all: [is('vpn', 'equal', true), { any: [is('asn', 'equal', a), is('domain', 'equal', b)] }],
  }),
};

export function compileJsonRules(rules) {
  const engine = new Engine();
  for (const [index, rule] of rules.entries())
    engine.addRule({ conditions: conditions[rule.kind](rule), event: { type: 'hit', params: { index } } });
  return async (event) => (await engine.run(event)).events.map((hit) => hit.params.index).sort((x, y) => x - y);
}
