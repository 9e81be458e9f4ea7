import { type FeatureSpec, featureInputs } from '../../model/feature.js';
import { everythingRead } from '../compile-rule-set.js';
import type { YamlNode } from '../yaml/yaml-node.js';
import { areNeverOn, eventsWith } from './carried-signals.js';
import { readByLinks } from './link-lints.js';
import type { Lint } from './lint.js';
import { fieldOf } from './sites.js';

const unreadFeature: Lint = ({ ruleSet, features, links }, sink) => {
  const read = new Set([...ruleSet.declarations.flatMap(everythingRead), ...readByLinks(links)]);
  for (const { spec, name } of features)
    if (!featureInputs(spec).some((input) => read.has(input)))
      sink.warn('W002', name, `no rule reads the feature '${spec.name}'`, {
        hint: 'it is counted all the same: remove it, or use it',
      });
};

const distinctByItself: Lint = ({ features }, sink) => {
  for (const { spec, name, node } of features)
    if (spec.kind === 'distinct' && spec.by.includes(spec.of))
      sink.warn(
        'W004',
        itemOf(fieldOf(node, 'by'), spec.of) ?? name,
        `'${spec.name}' counts '${spec.of}' by itself and is always 1`,
        {
          hint: `take '${spec.of}' out of 'by'`,
        },
      );
};

/** The signals that an event needs to be counted. */
const countedBy = ({ kind, of, by }: FeatureSpec): readonly string[] => (kind === 'distinct' ? [...by, of] : by);

/** Has none of the events that it counts what it counts by? */
export const neverCounts = (spec: FeatureSpec): boolean => areNeverOn(countedBy(spec), spec.on);

const countsNothing: Lint = ({ features }, sink) => {
  for (const { spec, name, node } of features) {
    if (!neverCounts(spec)) continue;
    const needed = countedBy(spec);
    const missing = needed.find((signal) => areNeverOn([signal], spec.on));
    const says =
      missing === undefined ? `'${needed.join("' and '")}' are never there together` : `'${missing}' is never there`;
    const types = eventsWith(needed);
    sink.warn(
      'W024',
      fieldOf(node, 'on') ?? name,
      `'${spec.name}' counts nothing: ${says} on ${spec.on.join(' or ')}`,
      {
        hint: types.length === 0 || spec.kind === 'burst' ? undefined : `on: [${types.join(', ')}]`,
      },
    );
  }
};

const itemOf = (list: YamlNode | undefined, text: string): YamlNode | undefined =>
  list?.kind === 'list' ? list.items.find((item) => item.kind === 'scalar' && item.text === text) : undefined;

export const featureLints: readonly Lint[] = [unreadFeature, distinctByItself, countsNothing];
