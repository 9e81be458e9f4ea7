import type { FunctionSpec } from './function-spec.js';
import { onNumbers } from './strict.js';

export const maximum: FunctionSpec = {
  name: 'max',
  form: 'function',
  doc: 'The greater of two numbers; unknown when one is missing.',
  example: 'max(1, accounts_per_ip_24h)',
  parameters: [
    { name: 'a', takes: 'number' },
    { name: 'b', takes: 'number' },
  ],
  returns: 'number',
  compile: onNumbers(Math.max),
};
