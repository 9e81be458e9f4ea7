import type { Steps } from '../model/steps.js';
import { moveRule } from './move-rule.js';
import { ProblemSink } from './problem-sink.js';
import { readRule } from './read-rule.js';
import type { RuleDeclaration } from './rule-declaration.js';
import type { RuleContext } from './rule-reader.js';
import type { ScopeAnswers } from './rule-scope.js';
import type { RuleVocabulary } from './rule-vocabulary.js';
import type { YamlNode } from './yaml/yaml-node.js';

/** A rule that was read, what was wrong with it, and what it rests on. */
interface ReadRule {
  readonly node: YamlNode;
  readonly declaration: RuleDeclaration | undefined;
  readonly problems: ProblemSink;
  readonly answers: ScopeAnswers;
}

export interface ReadRules {
  readonly vocabulary: RuleVocabulary;
  /** In the order of the files. */
  readonly rules: readonly ReadRule[];
}

interface RuleReading extends RuleContext {
  readonly vocabulary: RuleVocabulary;
  readonly earlier: ReadRules | undefined;
}

/** Reads the rules; one that is written as before, and whose names mean what they meant, is taken from `earlier`. */
export function* readRules(nodes: readonly YamlNode[], reading: RuleReading): Steps<ReadRules> {
  const { vocabulary, earlier } = reading;
  const known = new Map(earlier?.rules.map((rule) => [placeOf(rule.node), rule]));
  const rules: ReadRule[] = [];
  for (const node of nodes) {
    rules.push(again(node, known.get(placeOf(node)), reading) ?? readOne(node, reading));
    yield;
  }
  return { vocabulary, rules };
}

/** A rule is looked for in its file, under its id. */
function placeOf(node: YamlNode): string {
  const id = node.kind === 'map' ? node.entries.get('id')?.value : undefined;
  return `${node.file.path} ${id?.kind === 'scalar' ? id.text : ''}`;
}

function again(node: YamlNode, before: ReadRule | undefined, reading: RuleReading): ReadRule | undefined {
  if (before?.declaration === undefined || !isLasting(node, before)) return undefined;
  const { vocabulary, earlier } = reading;
  const { reason } = before.declaration.info;
  const isSameWorld =
    earlier?.vocabulary === vocabulary ||
    (vocabulary.scope.stillAnswers(before.answers) &&
      JSON.stringify(earlier?.vocabulary.reasons.get(reason)) === JSON.stringify(vocabulary.reasons.get(reason)));
  if (!isSameWorld) return undefined;
  if (before.node === node) return before;
  if (sourceOf(before.node) !== sourceOf(node)) return undefined;
  return { ...before, node, declaration: moveRule(before.declaration, before.node, node) };
}

/** What an exception is worth depends on the day; what was said of a rule is said where it stood. */
const isLasting = (node: YamlNode, { problems }: ReadRule): boolean =>
  node.kind === 'map' && !node.entries.has('except') && problems.errors.length + problems.warnings.length === 0;

/** From its first character to the end of its last value. */
const sourceOf = (node: YamlNode): string => node.file.text.slice(node.start, lastEnd(node));

function lastEnd(node: YamlNode): number {
  if (node.kind === 'scalar') return node.end;
  let end = node.end;
  if (node.kind === 'map') for (const { value } of node.entries.values()) end = Math.max(end, lastEnd(value));
  else for (const item of node.items) end = Math.max(end, lastEnd(item));
  return end;
}

function readOne(node: YamlNode, context: RuleContext): ReadRule {
  const problems = new ProblemSink();
  const { result: declaration, answers } = context.scope.recorded(() => readRule(node, context, problems));
  return { node, declaration, problems, answers };
}
