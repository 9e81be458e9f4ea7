import { type Facts, type Field, fields, type Given, type TreeType, type TreeValue } from './expression-tree.js';
import type { RandomSource } from './random-source.js';

const numbers = [0, 1, 2, 3, 8, 0.5, 64500, -2, 1e21, 7e-7, 600];
const chars = [
  'a',
  'b',
  'A',
  'B',
  '0',
  '.',
  '-',
  ' ',
  '\\',
  '"',
  "'",
  '\n',
  'é',
  'É',
  'ß',
  '\uFFFD',
  '\u{1F600}',
  '\u{10400}',
];
const texts = ['', 'a', 'ab', 'bad.example', 'home', 'é', '\u{1F600}', '\uFFFD'];
const addresses = [
  '10.1.2.3',
  '10.255.255.255',
  '11.0.0.0',
  '0.0.0.0',
  '255.255.255.255',
  '::ffff:10.1.2.3',
  '::FFFF:0a01:0203',
  '2001:db8::1',
  '2001:DB8:0:0:0:0:0:1',
  '2001:db8:8000::',
  '::',
  '::1',
  '::10.1.2.3',
  'fe80::1:2:3:4',
];
const noAddresses = [
  '10.1.2',
  '10.01.2.3',
  '10.1.2.256',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7::8',
  '::1::',
  ':::',
  'fe80::1%0',
  '10.1.2.3/8',
  '',
];

export const ranges = [
  '10.0.0.0/8',
  '10.1.2.3',
  '10.1.2.0/31',
  '0.0.0.0/0',
  '::/0',
  '::ffff:10.0.0.0/104',
  '2001:db8::/32',
  '2001:db8::/33',
  '2001:db8::1/127',
  '255.255.255.255/32',
];

const randomText = (random: RandomSource): string =>
  Array.from({ length: random.below(5) }, () => random.pick(chars)).join('');

/** Most often one of a few, so that equal values meet. */
export function randomValue(type: TreeType, random: RandomSource): TreeValue {
  if (type === 'boolean') return random.once(2);
  if (type === 'number') return random.once(6) ? random.below(2000) / 8 : random.pick(numbers);
  return random.once(3) ? randomText(random) : random.pick(texts);
}

function valueFor(field: Field, random: RandomSource): TreeValue {
  if (field.values !== undefined) return random.pick(field.values);
  if (field.name === 'ip.address' && !random.once(5)) return random.pick(random.once(5) ? noAddresses : addresses);
  if (field.type === 'string' && random.once(40)) return `${random.pick(chars).repeat(508 + random.below(8))}ab`;
  return randomValue(field.type, random);
}

function givenFor(field: Field, random: RandomSource): Given {
  const roll = random.below(100);
  if (roll < 18) return 'absent';
  if (roll < 28) return { unavailable: random.pick(['store_down', 'no_database']) };
  if (roll < 30 && field.type === 'number') {
    return { value: random.pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) };
  }
  return { value: valueFor(field, random) };
}

/** What one event gives to every field; every third event lacks nothing. */
export function randomFacts(random: RandomSource): Facts {
  const complete = random.once(3);
  return new Map(
    fields.map((field) => [field.name, complete ? { value: valueFor(field, random) } : givenFor(field, random)]),
  );
}
