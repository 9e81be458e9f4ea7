import type { FunctionSpec } from './function-spec.js';
import { onText } from './strict.js';

export const lower: FunctionSpec = {
  name: 'lower',
  form: 'method',
  doc: "The text in small letters, by Unicode's table and no country's; unknown when it is missing.",
  example: 'account.organization.lower() == "bright tutor llc"',
  parameters: [{ name: 'text', takes: 'string' }],
  returns: 'string',
  compile: onText((text) => text.toLowerCase()),
};
