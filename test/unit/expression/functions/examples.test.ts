import { describe, expect, it } from '@jest/globals';
import { checkExpression } from '../../../../src/expression/check-expression.js';
import { compileExpression } from '../../../../src/expression/compile-expression.js';
import { functionRegistry } from '../../../../src/expression/functions/registry.js';
import type { Scope } from '../../../../src/expression/scope.js';
import type { InputInfo } from '../../../../src/model/expression-scope.js';
import { Unavailable, type Value, type ValueType } from '../../../../src/model/value.js';

const types: Readonly<Record<string, ValueType>> = {
  'ip.as_name': 'string',
  'ip.address': 'string',
  'phone.number': 'string',
  'email.domain': 'string',
  'email.shape': 'string',
  'payment.bin': 'string',
  'account.organization': 'string',
  'template_burst.z': 'number',
  accounts_per_card_90d: 'number',
  accounts_per_ip_24h: 'number',
};
const inputs: readonly InputInfo[] = Object.entries(types).map(([name, type], slot) => ({
  name,
  type,
  slot,
  optional: true,
}));
const scope: Scope = {
  input: (name) => inputs.find((input) => input.name === name),
  predicate: () => undefined,
  list: (name) =>
    name === 'disposable_domains' ? { name, kind: 'value', has: (value) => value === 'bin.example' } : undefined,
  names: () => Object.keys(types),
  listNames: () => ['disposable_domains'],
};

interface Row {
  readonly given: Value;
  readonly result: Value;
  /** Given something else. */
  readonly other: Value | undefined;
  readonly otherResult: Value | undefined;
}

/** What the example of each function gives for two values of the one field it reads. */
const rows: Readonly<Record<string, Row>> = {
  has: { given: '+15551234567', result: true, other: undefined, otherResult: false },
  default: { given: 4, result: 4, other: undefined, otherResult: 0 },
  in_list: { given: 'bin.example', result: true, other: 'good.example', otherResult: false },
  in_cidr: { given: '10.9.8.7', result: true, other: '11.0.0.1', otherResult: false },
  min: { given: 2, result: 10, other: 20, otherResult: 45 },
  max: { given: 7, result: 7, other: 0, otherResult: 1 },
  log2: { given: 3, result: 18, other: -1, otherResult: undefined },
  startsWith: { given: '45717360', result: true, other: '4000', otherResult: false },
  endsWith: { given: 'college.edu', result: true, other: 'college.example', otherResult: false },
  contains: { given: 'Example Hosting Ltd', result: true, other: 'Example Telecom', otherResult: false },
  matches: { given: 'l5d4', result: true, other: 'l5.d4', otherResult: false },
  lower: { given: 'Bright Tutor LLC', result: true, other: 'Bright Tutor', otherResult: false },
  size: { given: 'l5d4l5d4l5d4x', result: true, other: 'l5d4', otherResult: false },
};

describe('The function registry', () => {
  it.each(functionRegistry.map((spec) => [spec.name, spec] as const))('documents %s', (name, spec) => {
    expect(spec.doc).toMatch(/^[A-Z].*\.$/);
    expect(spec.example).toContain(spec.form === 'method' ? `.${name}(` : `${name}(`);
  });

  it.each(functionRegistry.map((spec) => [spec.name, spec.example] as const))(
    'gives for %s an example that is well-typed and runs: %s',
    (name, example) => {
      const checked = checkExpression(example, scope, 'any');
      if (!checked.ok) throw new Error(checked.error.map((error) => error.message).join('; '));
      const [read, ...more] = checked.value.reads;
      expect(more).toEqual([]);
      const run = (value: Value | undefined | Unavailable) =>
        compileExpression(checked.value).evaluate(inputs.map((input) => (input === read ? value : undefined)));
      const down = new Unavailable('store_down');
      expect({
        given: run(rows[name]?.given),
        other: run(rows[name]?.other),
        down: run(down),
      }).toEqual({ given: rows[name]?.result, other: rows[name]?.otherResult, down });
    },
  );
});
