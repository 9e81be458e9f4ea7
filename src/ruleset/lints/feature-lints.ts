import { featureInputs } from '../../model/feature.js';
import { everythingRead } from '../compile-rule-set.js';
import type { YamlNode } from '../yaml/yaml-node.js';
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

const itemOf = (list: YamlNode | undefined, text: string): YamlNode | undefined =>
  list?.kind === 'list' ? list.items.find((item) => item.kind === 'scalar' && item.text === text) : undefined;

export const featureLints: readonly Lint[] = [unreadFeature, distinctByItself];
