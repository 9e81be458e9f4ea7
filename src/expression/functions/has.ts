import { Unavailable } from '../../model/value.js';
import type { FunctionSpec } from './function-spec.js';
import { argument } from './strict.js';

export const has: FunctionSpec = {
  name: 'has',
  form: 'function',
  doc: 'True when there is a value, false when there is none, unknown when it could not be looked up.',
  example: 'has(phone.number)',
  parameters: [{ name: 'x', takes: 'any', form: 'input' }],
  returns: 'boolean',
  compile: ([input], compiler) => {
    const closure = argument(input, compiler);
    return (slots) => {
      const reading = closure(slots);
      return reading instanceof Unavailable ? reading : reading !== undefined;
    };
  },
};
