import { wordsOf } from '../../expression/name-words.js';
import { nearest } from '../../expression/suggest.js';

/** Words that authors bring along from other tools, and what they are called here; only what is known at the place counts. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  // Keys of rules.
  if: ['when'],
  condition: ['when'],
  expression: ['when'],
  expr: ['when'],
  match: ['when', 'fires'],
  score: ['points'],
  weight: ['points'],
  description: ['title'],
  message: ['title'],
  label: ['title', 'labelled'],
  event: ['on'],
  events: ['on'],
  trigger: ['on'],
  types: ['on'],
  category: ['family'],
  group: ['family', 'by'],
  team: ['owner'],
  author: ['owner', 'title'],
  outcome: ['at_least'],
  action: ['at_least'],
  decision: ['at_least'],
  floor: ['at_least'],
  status: ['mode'],
  state: ['mode'],
  enabled: ['mode', 'live'],
  exceptions: ['except'],
  unless: ['except'],
  exclude: ['except'],
  ignore: ['except'],
  expires: ['until', 'ttl'],
  expiry: ['until', 'ttl'],
  reason: ['why'],
  input: ['given'],
  inputs: ['given'],
  result: ['expect'],
  expected: ['expect'],
  // Keys of features and links.
  groupby: ['by'],
  key: ['by'],
  keys: ['by'],
  period: ['window', 'over'],
  duration: ['window', 'over', 'for'],
  interval: ['window', 'over'],
  window: ['over'],
  labeled: ['labelled'],
  minimum: ['min'],
  unique: ['distinct'],
  trust: ['trusted'],
  lifetime: ['ttl'],
  // Sections.
  signals: ['features'],
  counters: ['features'],
  conditions: ['predicates'],
  macros: ['predicates'],
  checks: ['rules'],
  settings: ['policy'],
  codes: ['reasons'],
  reasoncodes: ['reasons'],
  // Values.
  active: ['live', 'mode'],
  on: ['live'],
  true: ['live', 'fires'],
  production: ['live'],
  disabled: ['off'],
  inactive: ['off'],
  false: ['off', 'quiet'],
  test: ['shadow'],
  dryrun: ['shadow'],
  monitor: ['shadow'],
  block: ['deny'],
  reject: ['deny'],
  denied: ['deny'],
  review: ['hold'],
  challenge: ['hold'],
  throttle: ['limit'],
  fire: ['fires'],
  fired: ['fires'],
  hit: ['fires'],
  pass: ['quiet'],
  none: ['quiet'],
  missing: ['unknown'],
  sms: ['phone'],
  call: ['phone'],
  id: ['document'],
  kyc: ['document'],
  company: ['business'],
  card: ['payment'],
  ip: ['network'],
  mail: ['email'],
  account: ['account.id'],
  landline: ['fixed'],
};

/** Names that may have been meant, best first. */
export function meantNames(written: string, known: readonly string[]): readonly string[] {
  const word = wordsOf(written).join('');
  const others = Object.hasOwn(otherWords, word) ? (otherWords[word] ?? []) : [];
  const near = nearest(written, known);
  const same = near.filter((name) => wordsOf(name).join('') === word);
  return [...new Set([...same, ...others.filter((name) => known.includes(name)), ...near])];
}

/** `did you mean 'a'?`, best first; undefined when nothing is near. */
export function didYouMean(written: string, known: Iterable<string>): string | undefined {
  const [best, ...others] = meantNames(written, [...known]).map((name) => `'${name}'`);
  if (best === undefined) return undefined;
  return others.length === 0 ? `did you mean ${best}?` : `did you mean ${best}? (or ${others.slice(0, 2).join(', ')})`;
}
