import { codePointCount } from '../code-points.js';
import type { FunctionSpec } from './function-spec.js';
import { onText } from './strict.js';

export const size: FunctionSpec = {
  name: 'size',
  form: 'method',
  doc: 'How many characters (Unicode code points) the text has; unknown when it is missing.',
  example: 'email.shape.size() > 12',
  parameters: [{ name: 'text', takes: 'string' }],
  returns: 'number',
  compile: onText(codePointCount),
};
