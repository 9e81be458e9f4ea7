import type { FunctionSpec } from './function-spec.js';
import { argument, finite, unknownFrom } from './strict.js';

export const log2: FunctionSpec = {
  name: 'log2',
  form: 'function',
  doc: 'The logarithm to base 2; unknown for 0, for less, and for a missing number.',
  example: '9 * log2(1 + template_burst.z)',
  parameters: [{ name: 'x', takes: 'number' }],
  returns: 'number',
  compile: ([number], compiler) => {
    const closure = argument(number, compiler);
    return (slots) => {
      const value = closure(slots);
      if (typeof value !== 'number') return unknownFrom(value);
      return value > 0 ? finite(Math.log2(value)) : undefined;
    };
  },
};
