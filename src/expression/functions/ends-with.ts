import type { FunctionSpec } from './function-spec.js';
import { onTexts } from './strict.js';

export const endsWith: FunctionSpec = {
  name: 'endsWith',
  form: 'method',
  doc: 'True when the text ends with the part, capitals told apart; unknown when one is missing.',
  example: 'email.domain.endsWith(".edu")',
  parameters: [
    { name: 'text', takes: 'string' },
    { name: 'part', takes: 'string' },
  ],
  returns: 'boolean',
  compile: onTexts((text, part) => text.endsWith(part)),
};
