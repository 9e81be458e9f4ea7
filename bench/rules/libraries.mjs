import { ZenDecisionContent, ZenEngine } from '@gorules/zen-engine';
import { Environment } from '@marcbachmann/cel-js';
import { Engine } from 'json-rules-engine';
import { addressNumber } from './hand-written.mjs';

/** Fields are declared double and numbers are written as doubles, so that JavaScript numbers compare. */
export function compileCel(rules) {
  const env = new Environment()
    .registerVariable('asn', 'double')
    .registerVariable('domain', 'string')
    .registerVariable('count', 'double')
    .registerVariable('vpn', 'bool')
    .registerVariable('address', 'double')
    .registerFunction('between(double, double, double): bool', (x, low, high) => x >= low && x < high);
  const text = (rule) =>
    rule.kind === 'range'
      ? `between(address, ${rule.a.first}.0, ${rule.a.first + 2 ** (32 - rule.a.bits)}.0)`
      : rule.text.replace(/((?:==|!=|>=|<|\*) )(\d+)/g, '$1$2.0');
  const tests = rules.map((rule) => env.parse(text(rule)));
  return (event) => {
    const context = { ...event, address: addressNumber(event.address) };
    const found = [];
    for (let i = 0; i < tests.length; i++) if (tests[i](context)) found.push(i);
    return found;
  };
}

const is = (fact, operator, value) => ({ fact, operator, value });
const conditions = {
  asn: ({ a }) => ({ all: [is('asn', 'equal', a), is('count', 'greaterThanInclusive', 3)] }),
  domain: ({ a }) => ({ all: [is('domain', 'equal', a), is('vpn', 'equal', true)] }),
  band: ({ a, b }) => ({ all: [is('count', 'greaterThanInclusive', a), is('count', 'lessThan', b)] }),
  either: ({ a, b }) => ({
    all: [is('vpn', 'equal', true), { any: [is('asn', 'equal', a), is('domain', 'equal', b)] }],
  }),
  contains: ({ a }) => ({ all: [is('domain', 'includes', a)] }),
  arithmetic: ({ a }) => ({ all: [is('twice', 'equal', a)] }),
  range: ({ a }) => ({ all: [is('address', 'inRange', a)] }),
  negation: ({ a, b }) => ({
    all: [{ not: is('domain', 'endsWith', a) }, { not: is('difference', 'notEqual', b) }],
  }),
};

/** It has no arithmetic: what is calculated is a fact of its own, calculated once an event. */
export function compileJsonRules(rules) {
  const engine = new Engine();
  engine.addOperator('includes', (text, part) => text.includes(part));
  engine.addOperator('endsWith', (text, part) => text.endsWith(part));
  engine.addOperator('inRange', (address, { first, bits }) => address >= first && address < first + 2 ** (32 - bits));
  for (const [index, rule] of rules.entries())
    engine.addRule({ conditions: conditions[rule.kind](rule), event: { type: 'hit', params: { index } } });
  return async (event) => {
    const { asn, count } = event;
    const address = addressNumber(event.address);
    const facts = { ...event, address, twice: asn * 2 - count, difference: asn - count };
    return (await engine.run(facts)).events.map((hit) => hit.params.index).sort((x, y) => x - y);
  };
}

/** A row's cells by column; the last column takes any condition. */
const cells = {
  asn: ({ a }) => ({ asn: `${a}`, count: '>= 3' }),
  domain: ({ a }) => ({ domain: `"${a}"`, vpn: 'true' }),
  band: ({ a, b }) => ({ count: `[${a}..${b})` }),
  either: ({ a, b }) => ({ vpn: 'true', any: `asn == ${a} or domain == "${b}"` }),
  contains: ({ a }) => ({ any: `contains(domain, "${a}")` }),
  arithmetic: ({ a }) => ({ any: `asn * 2 - count == ${a}` }),
  range: ({ a }) => ({ address: `[${a.first}..${a.first + 2 ** (32 - a.bits)})` }),
  negation: ({ a, b }) => ({ any: `not(endsWith(domain, "${a}")) and not(asn - count != ${b})` }),
};

function decisionTable(rules) {
  const columns = ['asn', 'domain', 'count', 'vpn', 'address', 'any'];
  const used = columns.filter((column) => rules.some((rule) => column in cells[rule.kind](rule)));
  const inputs = used.map((id) => (id === 'any' ? { id, name: id } : { id, name: id, field: id }));
  const empty = Object.fromEntries(used.map((column) => [column, '']));
  const rows = rules.map((rule, index) => ({ _id: `r${index}`, ...empty, ...cells[rule.kind](rule), out: `${index}` }));
  const content = { hitPolicy: 'collect', inputs, outputs: [{ id: 'out', name: 'out', field: 'index' }], rules: rows };
  return {
    nodes: [
      { id: 'in', type: 'inputNode', name: 'in', position: { x: 0, y: 0 } },
      { id: 'table', type: 'decisionTableNode', name: 'table', position: { x: 0, y: 0 }, content },
      { id: 'end', type: 'outputNode', name: 'end', position: { x: 0, y: 0 } },
    ],
    edges: [
      { id: 'e1', type: 'edge', sourceId: 'in', targetId: 'table' },
      { id: 'e2', type: 'edge', sourceId: 'table', targetId: 'end' },
    ],
  };
}

/** A decision table that collects every row that holds, compiled once: plain cells where they can say it. */
export function compileZen(rules) {
  const decision = new ZenEngine().createDecision(new ZenDecisionContent(decisionTable(rules)));
  return async (event) => {
    const { result } = await decision.evaluate({ ...event, address: addressNumber(event.address) });
    return result.map((row) => row.index);
  };
}
