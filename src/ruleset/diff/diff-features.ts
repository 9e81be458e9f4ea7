import type { FeatureSpec } from '../../model/feature.js';
import { featureInputs } from '../../model/feature.js';
import type { LinkSpec } from '../../model/link.js';
import { everythingRead } from '../compile-rule-set.js';
import type { RuleLink } from '../read-link.js';
import type { RuleSet } from '../rule-set.js';
import type { Change } from './change.js';
import { counted, durationText } from './words.js';

/** Names of the old rule set that have become others: the definition, and so the history, is the same. */
export function renamedFeatures(before: RuleSet, after: RuleSet): ReadonlyMap<string, string> {
  const fresh = new Set(after.features.map(({ name }) => name));
  const old = new Set(before.features.map(({ name }) => name));
  const come = new Map(after.features.filter(({ name }) => !old.has(name)).map(({ id, name }) => [id, name]));
  return new Map(
    before.features.flatMap(({ id, name }): [string, string][] => {
      const to = fresh.has(name) ? undefined : come.get(id);
      return to === undefined ? [] : [[name, to]];
    }),
  );
}

export function diffFeatures(before: RuleSet, after: RuleSet): readonly Change[] {
  const renamed = renamedFeatures(before, after);
  const old = new Map(before.features.map((spec) => [renamed.get(spec.name) ?? spec.name, spec]));
  const fresh = new Set(after.features.map(({ name }) => name));
  const come = after.features.flatMap((spec) => featureChange(old.get(spec.name), spec, after));
  const gone = [...old]
    .filter(([name]) => !fresh.has(name))
    .map(([name]) => plain(name, 'removed', 'no longer counted'));
  return [...come, ...gone];
}

const plain = (name: string, what: string, text: string): Change => ({
  thing: 'feature',
  name,
  what,
  text,
  effect: 'none',
  weight: 0,
});

function featureChange(old: FeatureSpec | undefined, spec: FeatureSpec, ruleSet: RuleSet): Change[] {
  const { name } = spec;
  if (old === undefined) return [plain(name, 'added', `${definitionText(spec)}; ${coldText(spec)}`)];
  const renaming = old.name === name ? [] : [plain(name, 'renamed', `was '${old.name}'; its history is kept`)];
  if (old.id === spec.id) return renaming;
  const readers = ruleSet.declarations.filter((rule) => reads(everythingRead(rule), spec) && rule.info.mode !== 'off');
  const text = `${definitionText(spec)} instead of ${definitionText(old)}; ${coldText(spec)}; ${counted(readers.length, 'rule')} ${readers.length === 1 ? 'reads' : 'read'} it`;
  return [
    {
      thing: 'feature',
      name,
      what: 'edited',
      text,
      effect: readers.length > 0 ? 'either' : 'none',
      weight: readers.length,
    },
  ];
}

const reads = (names: readonly string[], spec: FeatureSpec): boolean =>
  featureInputs(spec).some((name) => names.includes(name));

/** What counts, in one line. */
function definitionText({ kind, of, by, windowMs, baselineMs, olderThanMs, min, on, exactTo }: FeatureSpec): string {
  const what = kind === 'count' ? 'events' : kind === 'age' ? 'age' : `${kind} ${of}`;
  return [
    by.length === 0 ? what : `${what} by ${by.join(' and ')}`,
    ...(windowMs === undefined ? [] : [`in ${durationText(windowMs)}`]),
    ...(baselineMs === undefined ? [] : [`against ${durationText(baselineMs)}`]),
    ...(min === undefined ? [] : [`from ${min}`]),
    ...(olderThanMs === undefined ? [] : [`older than ${durationText(olderThanMs)}`]),
    ...(on.length === 4 || kind === 'burst' ? [] : [`on ${on.join(', ')}`]),
    ...(exactTo === (kind === 'count' ? 128 : 64) || kind === 'age' ? [] : [`exact to ${exactTo}`]),
  ].join(' ');
}

/** Another definition has another history, which begins when the rule set is loaded. */
function coldText({ kind, windowMs, baselineMs, olderThanMs }: FeatureSpec): string {
  if (kind === 'burst') return `cold: unknown until its baseline of ${durationText(baselineMs ?? 0)} holds 500 events`;
  if (kind === 'trusted') return `cold: counts nobody before ${durationText(olderThanMs ?? 0)} have gone by`;
  if (windowMs === undefined) return 'cold: knows only what comes from now on';
  return `cold: counts from the moment it is loaded, in full after ${durationText(windowMs)}`;
}

export function diffLinks(before: RuleSet, after: RuleSet): readonly Change[] {
  const old = new Map(before.links.map((link) => [link.spec.name, link]));
  const fresh = new Set(after.links.map(({ spec }) => spec.name));
  return [
    ...after.links.flatMap((link) => linkChange(old.get(link.spec.name), link)),
    ...before.links
      .filter(({ spec }) => !fresh.has(spec.name))
      .map(({ spec }) => link(spec, 'removed', 'joins accounts no longer')),
  ];
}

const link = ({ name, strength }: LinkSpec, what: string, text: string): Change => ({
  thing: 'link',
  name,
  what,
  text,
  effect: what === 'added' ? 'stricter' : what === 'removed' ? 'looser' : 'either',
  weight: strength === 'strong' ? 2 : 1,
});

function linkChange(old: RuleLink | undefined, fresh: RuleLink): Change[] {
  if (old?.spec.id === fresh.spec.id) return evidenceChange(old, fresh);
  if (old === undefined) return [link(fresh.spec, 'added', linkText(fresh))];
  return [link(fresh.spec, 'edited', `${linkText(fresh)} instead of ${linkText(old)}; it begins without history`)];
}

function evidenceChange({ spec: old }: RuleLink, { spec: fresh }: RuleLink): Change[] {
  if (old.sameAs === fresh.sameAs) return [];
  const says =
    fresh.sameAs === undefined
      ? `no longer the same evidence as ${old.sameAs}`
      : `the same evidence as ${fresh.sameAs}`;
  return [link(fresh, 'edited', `${says}; its history stays`)];
}

const linkText = ({ spec: { by, strength, hubCap, ttlMs }, when }: RuleLink): string =>
  `${strength} by ${by.join(' and ')}, up to ${hubCap} accounts, for ${durationText(ttlMs)}${when === undefined ? '' : `, when \`${when.text}\``}`;
