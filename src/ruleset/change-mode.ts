import type { RuleMode } from '../model/rule.js';
import { collectDeclarations } from './collect-declarations.js';
import { ProblemSink } from './problem-sink.js';
import { editedText, type TextEdit } from './yaml/text-edits.js';
import type { YamlMap, YamlNode } from './yaml/yaml-node.js';

/** A file of a rule set, as it is and as it would be. */
export interface ChangedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** The one file with this rule in another mode, all else as it was, comments and form too; undefined: no such rule. */
export function changeMode(files: ReadonlyMap<string, string>, rule: string, mode: RuleMode): ChangedFile | undefined {
  const nodes = collectDeclarations(files, new ProblemSink()).rules;
  const node = nodes.find((one): one is YamlMap => one.kind === 'map' && idOf(one) === rule);
  const edit = node && modeEdit(node, modeSource(mode));
  if (edit === undefined) return undefined;
  const { file } = edit;
  // The reader drops a byte order mark.
  const mark = files.get(file.path)?.startsWith('\uFEFF') === true ? '\uFEFF' : '';
  return { path: file.path, before: mark + file.text, after: mark + editedText(file, [edit]) };
}

const idOf = (node: YamlMap): string | undefined => {
  const id = node.entries.get('id')?.value;
  return id?.kind === 'scalar' ? id.text : undefined;
};

/** As it is written in YAML; a share has at most three decimals. */
const modeSource = (mode: RuleMode): string =>
  typeof mode === 'string' ? mode : `{ rollout: ${Number((100 * mode.rollout).toFixed(3))}% }`;

function modeEdit(node: YamlMap, mode: string): TextEdit | undefined {
  const { file } = node;
  const entry = node.entries.get('mode');
  if (entry !== undefined) {
    const start = file.text.indexOf(':', entry.key.end) + 1;
    const before = file.text.slice(start, entry.value.start);
    const comment = before.includes('#') ? before.trimEnd() : '';
    return { file, start, end: endOf(entry.value), text: ` ${mode}${comment}` };
  }
  const owner = node.entries.get('owner') ?? [...node.entries.values()].at(-1);
  if (owner === undefined) return undefined;
  const isFlow = file.text[node.start] === '{';
  const { end } = owner.value;
  if (isFlow) return { file, start: end, end, text: `, mode: ${mode}` };
  const { line } = file.place({ start: Math.max(owner.key.start, end - 1), end });
  const lineEnd = file.offsetOf(line, 1) + file.line(line).length;
  const indent = ' '.repeat(file.place(owner.key).column - 1);
  const newline = file.text.slice(lineEnd, lineEnd + 2) === '\r\n' ? '\r\n' : '\n';
  return { file, start: lineEnd, end: lineEnd, text: `${newline}${indent}mode: ${mode}` };
}

/** Of what is written: to the reader a block goes on to the next word, over line ends and comments. */
function endOf(node: YamlNode): number {
  const isBlock = node.kind === 'map' && !node.file.text.startsWith('{', node.start);
  const last = isBlock ? [...node.entries.values()].at(-1) : undefined;
  return last === undefined ? node.end : endOf(last.value);
}
