import type { FunctionSpec } from './function-spec.js';

export const inList: FunctionSpec = {
  name: 'in_list',
  form: 'function',
  doc: 'True when the list has the value, the same as `x in lists.name`; unknown when the value is missing.',
  example: 'in_list(email.domain, lists.disposable_domains)',
  parameters: [
    { name: 'x', takes: 'any' },
    { name: 'list', takes: 'any', form: 'list' },
  ],
  returns: 'boolean',
  compile: 'in',
};
