import type { FunctionSpec } from './function-spec.js';
import { onTexts } from './strict.js';

export const startsWith: FunctionSpec = {
  name: 'startsWith',
  form: 'method',
  doc: 'True when the text starts with the part, capitals told apart; unknown when one is missing.',
  example: 'payment.bin.startsWith("4571")',
  parameters: [
    { name: 'text', takes: 'string' },
    { name: 'part', takes: 'string' },
  ],
  returns: 'boolean',
  compile: onTexts((text, part) => text.startsWith(part)),
};
