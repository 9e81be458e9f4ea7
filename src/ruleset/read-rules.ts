import type { Steps } from '../model/steps.js';
import { ProblemSink } from './problem-sink.js';
import { readRule } from './read-rule.js';
import type { RuleDeclaration } from './rule-declaration.js';
import type { RuleContext } from './rule-reader.js';
import type { RuleVocabulary } from './rule-vocabulary.js';
import type { YamlNode } from './yaml/yaml-node.js';

/** A rule that was read, and what was wrong with it. */
interface ReadRule {
  readonly declaration: RuleDeclaration | undefined;
  readonly problems: ProblemSink;
}

/** By their place in a file that was read. */
export interface ReadRules {
  readonly vocabulary: RuleVocabulary;
  readonly rules: ReadonlyMap<YamlNode, ReadRule>;
}

interface RuleReading extends RuleContext {
  readonly vocabulary: RuleVocabulary;
  readonly earlier: ReadRules | undefined;
}

/** Reads the rules; those of unchanged files that mean the same are taken from `earlier`. */
export function* readRules(
  nodes: readonly YamlNode[],
  { vocabulary, earlier, ...context }: RuleReading,
): Steps<ReadRules> {
  const known = earlier?.vocabulary === vocabulary ? earlier.rules : undefined;
  const rules = new Map<YamlNode, ReadRule>();
  for (const node of nodes) {
    const before = known?.get(node);
    rules.set(node, before !== undefined && isLasting(node) ? before : readOne(node, context));
    yield;
  }
  return { vocabulary, rules };
}

function readOne(node: YamlNode, context: RuleContext): ReadRule {
  const problems = new ProblemSink();
  const declaration = readRule(node, context, problems);
  return { declaration, problems };
}

/** What an exception is worth depends on the day. */
const isLasting = (node: YamlNode): boolean => node.kind === 'map' && !node.entries.has('except');
