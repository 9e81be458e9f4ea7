import type { FunctionSpec } from './function-spec.js';
import { onNumbers } from './strict.js';

export const minimum: FunctionSpec = {
  name: 'min',
  form: 'function',
  doc: 'The smaller of two numbers; unknown when one is missing.',
  example: 'min(45, accounts_per_card_90d * 5)',
  parameters: [
    { name: 'a', takes: 'number' },
    { name: 'b', takes: 'number' },
  ],
  returns: 'number',
  compile: onNumbers(Math.min),
};
