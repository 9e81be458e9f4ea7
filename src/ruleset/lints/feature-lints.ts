import { featureInputs } from '../../model/feature.js';
import { everythingRead } from '../compile-rule-set.js';
import { readByLinks } from './link-lints.js';
import type { Lint } from './lint.js';

const unreadFeature: Lint = ({ ruleSet, features, links }, sink) => {
  const read = new Set([...ruleSet.declarations.flatMap(everythingRead), ...readByLinks(links)]);
  for (const { spec, name } of features)
    if (!featureInputs(spec).some((input) => read.has(input)))
      sink.warn('W002', name, `no rule reads the feature '${spec.name}'`, {
        hint: 'it is counted all the same: remove it, or use it',
      });
};

const distinctByItself: Lint = ({ features }, sink) => {
  for (const { spec, name } of features)
    if (spec.kind === 'distinct' && spec.by.includes(spec.of))
      sink.warn('W004', name, `'${spec.name}' counts '${spec.of}' by itself and is always 1`, {
        hint: `take '${spec.of}' out of 'by'`,
      });
};

export const featureLints: readonly Lint[] = [unreadFeature, distinctByItself];
