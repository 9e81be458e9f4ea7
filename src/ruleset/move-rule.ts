import type { Located } from './problem-sink.js';
import type { RuleDeclaration } from './rule-declaration.js';
import type { YamlNode } from './yaml/yaml-node.js';

/** The same rule, written in the same words, at another place of its file. */
export function moveRule(rule: RuleDeclaration, from: YamlNode, to: YamlNode): RuleDeclaration {
  const shift = to.start - from.start;
  const move = ({ start, end }: Located): Located => ({ file: to.file, start: start + shift, end: end + shift });
  const at = move(rule.at);
  return {
    ...rule,
    info: { ...rule.info, file: to.file.path, line: to.file.place(at).line },
    at,
    whenAt: move(rule.whenAt),
    exceptions: rule.exceptions.map((exception) => ({ ...exception, at: move(exception.at) })),
    tests: rule.tests.map((test) => ({ ...test, at: move(test.at) })),
  };
}
