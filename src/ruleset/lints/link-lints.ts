import { evidenceOf } from '../../model/link.js';
import { ringInputs } from '../../model/ring.js';
import { everythingRead } from '../compile-rule-set.js';
import { crowdSignals } from './crowd-signals.js';
import { valuesOf } from './input-rooms.js';
import type { Lint } from './lint.js';
import { readingPlaces } from './sites.js';

const ringNames: ReadonlySet<string> = new Set(ringInputs.map(({ name }) => name));

/** Links without a rule make rings that decide nothing; a rule on rings without links never fires. */
const unreadLinks: Lint = (input, sink) => {
  const { ruleSet, links } = input;
  const readers = ruleSet.declarations.filter((rule) => everythingRead(rule).some((name) => ringNames.has(name)));
  if (readers.length === 0)
    for (const { name } of links)
      sink.warn('W019', name, `no rule reads a ring, and '${name.text}' makes rings`, {
        hint: 'read ring.size, ring.growth_1h, … in a rule of the family ring',
      });
  if (ruleSet.links.length > 0) return;
  const place = readingPlaces(input);
  for (const rule of readers)
    sink.warn(
      'W020',
      place(rule, (name) => ringNames.has(name)),
      'the rule reads a ring, and no links are declared that could make one',
      {
        rule: rule.info.id,
      },
    );
};

/** Two different weak links join; one alone joins nobody. */
const loneWeak: Lint = ({ links }, sink) => {
  const weak = links.filter(({ spec }) => spec.strength === 'weak');
  const [only] = weak;
  if (only === undefined || new Set(weak.map(({ spec }) => evidenceOf(spec))).size > 1) return;
  const says =
    weak.length === 1
      ? `'${only.name.text}' is the only weak link`
      : `all weak links are the same as '${evidenceOf(only.spec)}'`;
  sink.warn('W021', only.name, `${says}, and two different ones join`, {
    hint: 'a second weak link, or strength: strong',
  });
};

/** Signals of which a world of accounts has some dozens or hundreds of values, beside those that name all they can have. */
const coarseSignals: ReadonlySet<string> = new Set([
  'ip.country',
  'ip.as_name',
  'signup.country',
  'ua.browser',
  'device.browser',
  'device.browser_major',
  'device.os',
  'device.platform',
  'device.timezone',
  'phone.country',
  'payment.brand',
  'payment.country',
  'account.path',
  'account.plan',
  'account.declared_country',
]);

const isCoarse = (name: string): boolean => coarseSignals.has(name) || Number.isFinite(valuesOf(name));

const crowdedStrong: Lint = ({ links }, sink) => {
  for (const { spec, strengthAt } of links) {
    const isCrowded = spec.by.every((name) => crowdSignals.has(name));
    if (spec.strength !== 'strong' || !(isCrowded || spec.by.every(isCoarse))) continue;
    const why = isCrowded ? 'is shared by crowds' : 'has few values, which strangers share';
    sink.warn('W022', strengthAt, `'${spec.by.join(', ')}' ${why}, and the link joins by it alone`, {
      hint: 'strength: weak, or another signal in by that people do not share',
    });
  }
};

const sameKey: Lint = ({ links }, sink) => {
  const first = new Map<string, string>();
  for (const { spec, name } of links) {
    const key = [...spec.by].sort().join();
    const before = first.get(key);
    if (before === undefined) first.set(key, name.text);
    else sink.warn('W023', name, `'${name.text}' links by the same signals as '${before}'`);
  }
};

export const linkLints: readonly Lint[] = [unreadLinks, loneWeak, crowdedStrong, sameKey];

/** Names that links read in their conditions: a feature that only a link reads is read. */
export const readByLinks = (links: Parameters<Lint>[0]['links']): ReadonlySet<string> =>
  new Set(links.flatMap(({ when }) => when?.reads ?? []).map(({ name }) => name));
