import { doubtfulRules } from './doubtful-rules.js';
import { foreignHabits } from './foreign-habits.js';
import type { Mistake } from './mistake.js';
import { slipsOfUnits } from './slips-of-units.js';
import { wrongDeclarations } from './wrong-declarations.js';
import { wrongNames } from './wrong-names.js';
import { wrongRules } from './wrong-rules.js';
import { wrongSyntax } from './wrong-syntax.js';
import { wrongTypes } from './wrong-types.js';
import { wrongLists, wrongYaml } from './wrong-yaml.js';

export const conditions = [...wrongNames, ...wrongSyntax, ...wrongTypes, ...foreignHabits];

export const mistakes: readonly Mistake[] = [
  ...wrongRules,
  ...wrongDeclarations,
  ...wrongYaml,
  ...wrongLists,
  ...doubtfulRules,
  ...slipsOfUnits,
];
