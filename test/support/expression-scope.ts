import { checkExpression } from '../../src/expression/check-expression.js';
import type { CheckedExpression } from '../../src/expression/checked-expression.js';
import { compileExpression } from '../../src/expression/compile-expression.js';
import type { Diagnostic } from '../../src/expression/diagnostic.js';
import type { Scope } from '../../src/expression/scope.js';
import type { InputInfo, ScopeList } from '../../src/model/expression-scope.js';
import type { Reading, Slots, ValueType } from '../../src/model/value.js';

const fields: readonly (readonly [string, ValueType, (readonly string[])?])[] = [
  ['ip.address', 'string'],
  ['ip.asn', 'number'],
  ['ip.is_vpn', 'boolean'],
  ['ip.is_tor', 'boolean'],
  ['ip.kind', 'string', ['home', 'mobile', 'hosting']],
  ['email.domain', 'string'],
  ['email.shape', 'string'],
  ['payment.fingerprint', 'string'],
  ['accounts_per_card', 'number'],
  ['signups_per_prefix', 'number'],
  ['template_burst.z', 'number'],
];

export const inputs: readonly InputInfo[] = fields.map(([name, type, values], slot) => ({
  name,
  type,
  slot,
  optional: true,
  values,
}));

const lists: readonly ScopeList[] = [
  { name: 'burned', kind: 'value', has: (value) => value === 'bad.example' || value === 'fp1' },
  { name: 'hosting_asns', kind: 'asn', has: (value) => value === 64500 },
];

/** A small scope; predicates are checked in the order given and may refer to earlier ones. */
export function testScope(predicates: Readonly<Record<string, string>> = {}): Scope {
  const checked = new Map<string, CheckedExpression>();
  const scope: Scope = {
    input: (name) => inputs.find((input) => input.name === name),
    predicate: (name) => checked.get(name),
    list: (name) => lists.find((list) => list.name === name),
    names: () => [...inputs.map((input) => input.name), ...checked.keys()],
    listNames: () => lists.map((list) => list.name),
  };
  for (const [name, text] of Object.entries(predicates)) checked.set(name, checked1(text, scope));
  return scope;
}

function checked1(text: string, scope: Scope): CheckedExpression {
  const result = checkExpression(text, scope, 'any');
  if (!result.ok) throw new Error(`${text}: ${result.error.map((error) => error.message).join('; ')}`);
  return result.value;
}

export const check = (text: string, scope: Scope = testScope()): CheckedExpression => checked1(text, scope);

export function diagnosticsOf(text: string, want: 'boolean' | 'number' | 'any' = 'boolean'): readonly Diagnostic[] {
  const result = checkExpression(text, testScope(), want);
  return result.ok ? [] : result.error;
}

export function slotsOf(given: Readonly<Record<string, Reading>>): Slots {
  return inputs.map((input) => given[input.name]);
}

export const evaluate = (text: string, given: Readonly<Record<string, Reading>> = {}, scope?: Scope): Reading =>
  compileExpression(check(text, scope)).evaluate(slotsOf(given));
