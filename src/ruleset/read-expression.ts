import { checkExpression } from '../expression/check-expression.js';
import type { CheckedExpression } from '../expression/checked-expression.js';
import type { RuleScope } from './rule-scope.js';
import type { FieldReader } from './yaml/read-fields.js';
import type { YamlNode } from './yaml/yaml-node.js';

export interface ExpressionReader {
  readonly scope: RuleScope;
  readonly fields: FieldReader;
}

/** Checks the expression in a scalar; every finding is shown where it stands in the file. */
export function readExpression(
  node: YamlNode,
  want: 'boolean' | 'number' | 'any',
  { scope, fields }: ExpressionReader,
): CheckedExpression | undefined {
  const scalar = fields.scalar(node, 'an expression');
  if (scalar === undefined) return undefined;
  const checked = checkExpression(scalar.text, scope, want);
  if (checked.ok) return checked.value;
  for (const { code, message, hint, start, end, severity } of checked.error) {
    // A predicate whose own expression is wrong has been reported there.
    if (code === 'E101' && scope.isBroken(scalar.text.slice(start, end))) continue;
    fields.sink.add(
      severity,
      // Of an empty text there is nothing to show but its quotes.
      code === 'E150' ? scalar : { file: scalar.file, ...scalar.locate({ start, end }) },
      { code, message, hint, rule: fields.rule },
    );
  }
  return undefined;
}
