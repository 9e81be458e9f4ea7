import type { Node } from '../expression/checked-expression.js';
import { childNodes } from '../ruleset/child-nodes.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { signalCatalogue } from '../signals/catalogue.js';

const identifiers: ReadonlySet<string> = new Set(
  signalCatalogue.filter(({ identifier }) => identifier).map(({ name }) => name),
);

/** Identifiers that some condition compares or looks up: their hash does not tell. `has()` is content with the hash. */
export function identifiersByValue({ declarations }: RuleSet): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { when, points, exceptions } of declarations)
    for (const { ast } of [when, points, ...exceptions.map((exception) => exception.when)]) collect(ast, found);
  return found;
}

function collect(node: Node, found: Set<string>): void {
  if (node.kind === 'input' && identifiers.has(node.info.name)) found.add(node.info.name);
  if (node.kind === 'call' && node.spec.name === 'has') return;
  for (const child of childNodes(node)) collect(child, found);
}
