import type { FunctionSpec } from './function-spec.js';
import { onTexts } from './strict.js';

export const contains: FunctionSpec = {
  name: 'contains',
  form: 'method',
  doc: 'True when the part is somewhere in the text, capitals told apart; unknown when one is missing.',
  example: 'ip.as_name.contains("Hosting")',
  parameters: [
    { name: 'text', takes: 'string' },
    { name: 'part', takes: 'string' },
  ],
  returns: 'boolean',
  compile: onTexts((text, part) => text.includes(part)),
};
