import fc from 'fast-check';
import { Unavailable } from '../../src/model/value.js';
import { inputs } from './expression-scope.js';

const texts = ['', 'a', 'ab', 'bad.example', 'é', '\u{1F600}', '\uFFFD', 'home'];
const numbers = [0, 1, 2, 3, 8, 0.5, 64500];
const down = new Unavailable('down');
const namesOf = (type: string) =>
  fc.constantFrom(...inputs.filter((input) => input.type === type).map((input) => input.name));
const joined = (format: (...parts: string[]) => string, ...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((found) => format(...found));

const literalText = fc.constantFrom(...texts).map((text) => JSON.stringify(text));
/** Fields with a closed set of values are compared with nothing but those. */
const textName = fc.constantFrom('ip.address', 'email.domain', 'email.shape', 'payment.fingerprint');

/** Well-typed expression texts over the test scope. */
export const { boolean: conditionText } = fc.letrec<{ number: string; text: string; boolean: string }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...numbers.map(String), '10m', '-2'),
    namesOf('number'),
    joined((a, op, b) => `(${a} ${op} ${b})`, tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number')),
    joined((f, a, b) => `${f}(${a}, ${b})`, fc.constantFrom('min', 'max', 'default'), tie('number'), tie('number')),
    joined((a) => `log2(${a})`, tie('number')),
    joined((a) => `-${a}`, tie('number')),
    joined((a) => `${a}.size()`, textName),
  ),
  text: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    literalText,
    textName,
    joined((a) => `${a}.lower()`, textName),
    joined((a, b) => `default(${a}, ${b})`, textName, tie('text')),
    joined((a, b) => `(${a} + ${b})`, tie('text'), tie('text')),
  ),
  boolean: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom('true', 'false', 'risky', 'has(ip.asn)', '!has(email.domain)', 'ip.kind == "home"'),
    namesOf('boolean'),
    joined(
      (a, op, b) => `${a} ${op} ${b}`,
      namesOf('number'),
      fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
      fc.constantFrom(...numbers.map(String)),
    ),
    joined(
      (a, op, b) => `${a} ${op} ${b}`,
      tie('number'),
      fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
      tie('number'),
    ),
    joined(
      (a, op, b) => `${a} ${op} ${b}`,
      tie('text'),
      fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
      tie('text'),
    ),
    joined(
      (a, f, b) => `${a}.${f}(${b})`,
      textName,
      fc.constantFrom('startsWith', 'endsWith', 'contains'),
      tie('text'),
    ),
    joined((a, b, c) => `${a} in [${b}, ${c}]`, textName, literalText, tie('text')),
    joined((a) => `${a} in lists.burned`, textName),
    joined((a, op, b) => `(${a} ${op} ${b})`, tie('boolean'), fc.constantFrom('&&', '||'), tie('boolean')),
    joined(
      (a, op, b) => `((${a}) ${op} (${b}))`,
      tie('boolean'),
      fc.constantFrom('&&', '||', '==', '!='),
      tie('boolean'),
    ),
    joined(
      (a, v, op, b) => `default(${a}, ${v}) ${op} ${b}`,
      namesOf('number'),
      fc.constantFrom(...numbers.map(String)),
      fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
      fc.constantFrom(...numbers.map(String)),
    ),
    joined((a) => `!(${a})`, tie('boolean')),
    joined((a, b) => `default(${a}, ${b})`, tie('boolean'), tie('boolean')),
  ),
}));

const sampleOf = { number: fc.constantFrom(...numbers), string: fc.constantFrom(...texts), boolean: fc.boolean() };

/** One slot array: values, some absent, some unavailable. */
export const slotValues = fc
  .tuple(
    ...inputs.map(({ type }) =>
      fc.oneof(
        { weight: 5, arbitrary: sampleOf[type] },
        { weight: 2, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constant(down) },
      ),
    ),
  )
  .map((readings) => [...readings]);

export const predicates = { anonymous: 'ip.is_vpn || ip.is_tor', risky: 'anonymous && accounts_per_card >= 2' };
