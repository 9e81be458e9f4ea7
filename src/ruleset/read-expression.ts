import { checkExpression } from '../expression/check-expression.js';
import type { CheckedExpression } from '../expression/checked-expression.js';
import { type Diagnostic, hintWithPlace } from '../expression/diagnostic.js';
import type { Mention } from './mentions-of.js';
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
  const { file } = scalar;
  const misnamed = scope.misnamedIn(scalar.text);
  for (const found of checked.error) {
    const { code, message, start, end, severity } = found;
    // A predicate whose own expression is wrong has been reported there.
    if (code === 'E101' && scope.isBroken(scalar.text.slice(start, end))) continue;
    if (isEchoOf(misnamed, found)) continue;
    fields.sink.add(
      severity,
      // Of an empty text there is nothing to show but its quotes.
      code === 'E150' ? scalar : { file, ...scalar.locate({ start, end }) },
      { code, message, hint: hintWithPlace(found, (span) => file.place(scalar.locate(span))), rule: fields.rule },
    );
  }
  return undefined;
}

/** Codes of wrong types. */
const typeCodes: ReadonlySet<string> = new Set(['E110', 'E111', 'E112']);

/** Of what a name that cannot be read reads as, and of its type, nothing is known: the name is the mistake. */
const isEchoOf = (misnamed: readonly Mention[], { code, start, end }: Diagnostic): boolean =>
  misnamed.some((mention) => typeCodes.has(code) || (start < mention.end && mention.start < end));
