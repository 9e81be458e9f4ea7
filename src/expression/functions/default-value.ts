import type { FunctionSpec } from './function-spec.js';
import { argument } from './strict.js';

export const defaultValue: FunctionSpec = {
  name: 'default',
  form: 'function',
  doc: 'The value, or the second argument when there is none; unknown when it could not be looked up.',
  example: 'default(accounts_per_card_90d, 0)',
  parameters: [
    { name: 'x', takes: 'any' },
    { name: 'v', takes: 'first' },
  ],
  returns: 'first',
  compile: ([value, instead], compiler) => {
    const closure = argument(value, compiler);
    const fallback = argument(instead, compiler);
    return (slots) => closure(slots) ?? fallback(slots);
  },
};
