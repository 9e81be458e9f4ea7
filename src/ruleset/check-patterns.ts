import type { CheckedExpression } from '../expression/checked-expression.js';
import { patternSize } from '../expression/pattern-size.js';
import { nodesUnder } from '../expression/walk-node.js';
import type { Steps } from '../model/steps.js';
import type { Located, ProblemSink } from './problem-sink.js';

/** What compiling all patterns of a rule set may cost: some tenths of a second, and 30 MB. */
const patternsMost = 100_000;

/** Expressions that stand somewhere in the files. */
export interface Written {
  readonly at: Located;
  readonly expressions: readonly CheckedExpression[];
}

/** Complains where the patterns become too many; each counts once, however often it is written. */
export function* checkPatterns(all: Iterable<Written>, sink: ProblemSink): Steps<void> {
  const seen = new Set<string>();
  let size = 0;
  for (const { at, expressions } of all) {
    for (const pattern of expressions.flatMap(patternsIn)) {
      if (!seen.has(pattern)) size += patternSize(pattern);
      seen.add(pattern);
    }
    if (size > patternsMost) {
      const message = `up to here the patterns of the rule set are ${size} long with their repeats written out, at most ${patternsMost} are allowed`;
      sink.error('E037', at, message, { hint: 'smaller counts, or a list file in place of many patterns' });
      return;
    }
    yield;
  }
}

/** Without those of predicates that it names, which stand elsewhere. */
const patternsIn = ({ ast }: CheckedExpression): readonly string[] =>
  nodesUnder(ast).flatMap((node) => {
    if (node.kind !== 'call') return [];
    return node.args.flatMap((argument, index) =>
      node.spec.parameters[index]?.form === 'pattern' && argument.kind === 'literal' ? [String(argument.value)] : [],
    );
  });
