import { publicReasons, type ReasonInfo } from '../model/reason.js';
import { families } from '../model/rule.js';
import { didYouMean, type FieldReader } from './yaml/read-fields.js';
import type { YamlNode, YamlScalar } from './yaml/yaml-node.js';

/** `family.detail` */
export const isReasonCode = (text: string): boolean => /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(text);

/** One record of the registry of reason codes. */
export function readReason(name: YamlScalar, node: YamlNode, fields: FieldReader): ReasonInfo | undefined {
  const [family, detail] = name.text.split('.');
  if (!isReasonCode(name.text) || family === undefined || detail === undefined)
    return fields.error('E018', name, `'${name.text}' is no reason code`, 'family.detail, such as payment.reused');
  if (!families.some((known) => known === family))
    return fields.error(
      'E018',
      name,
      `a reason code begins with a family, and '${family}' is none`,
      didYouMean(family, families) ?? `one of ${families.join(', ')}`,
    );
  const values = fields.map(node, { what: 'a reason', known: ['title', 'public'], required: ['title', 'public'] });
  const title = values?.get('title');
  const shown = values?.get('public');
  const titleText = title === undefined ? undefined : fields.text(title, 'a title');
  const publicReason = shown === undefined ? undefined : fields.oneOf(shown, 'public reason', publicReasons);
  if (titleText === undefined || publicReason === undefined) return undefined;
  return { code: name.text, title: titleText, public: publicReason };
}
