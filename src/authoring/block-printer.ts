import type { SourceFile } from '../ruleset/yaml/source-file.js';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from '../ruleset/yaml/yaml-node.js';
import {
  formatFlow,
  formatScalar,
  inOrder,
  isBlock,
  isFlow,
  isNothing,
  isStory,
  type Typed,
  under,
  widest,
} from './format-value.js';
import { contentOf, keysOf } from './schema-at.js';

/** What stands around a key or an item beside its value. */
interface Surroundings {
  /** Comments and blank lines before it. */
  readonly leading: readonly string[];
  /** A comment on the line on which it ends. */
  readonly trailing: string;
}

/** Prints blocks anew, each line with what stood around it. */
export class BlockPrinter {
  readonly #around = new Map<YamlNode, Surroundings>();
  readonly #lines: string[] = [];
  #tail: readonly string[] = [];

  constructor(
    private readonly file: SourceFile,
    root: YamlMap,
  ) {
    this.#collect(root);
  }

  print(typed: Typed): string {
    if (typed.node.kind === 'map') this.#map({ ...typed, node: typed.node }, 0, '');
    return [...this.#lines, ...this.#tail].join('\n');
  }

  /** Goes through the file once, so that every line belongs to one thing only. */
  #collect(root: YamlMap): void {
    let from = 0;
    const add = (node: YamlNode, start: number): void => {
      const lineStart = this.file.text.lastIndexOf('\n', start - 1) + 1;
      const between = from < lineStart ? lines(this.file.text.slice(from, lineStart - 1)) : [];
      // A dash may stand on a line of its own.
      const leading = between.filter((line) => line === '' || line.startsWith('#'));
      this.#around.set(node, { leading, trailing: '' });
      from = Math.max(from, lineStart);
    };
    const end = (node: YamlNode, at: number): void => {
      const newline = this.file.text.indexOf('\n', at);
      const lineEnd = newline < 0 ? this.file.text.length : newline;
      const rest = this.file.text.slice(at, lineEnd).trim();
      const leading = this.#around.get(node)?.leading ?? [];
      this.#around.set(node, { leading, trailing: rest.startsWith('#') ? rest : '' });
      from = lineEnd + 1;
    };
    const visit = (node: YamlNode, holder: YamlNode): void => {
      if (node.kind === 'map' && isBlock(node))
        for (const { key, value } of node.entries.values()) {
          add(key, key.start);
          if (isBlock(value)) end(key, key.end + 1);
          visit(value, key);
        }
      else if (node.kind === 'list' && isBlock(node))
        for (const item of node.items) {
          add(item, item.start);
          visit(item, item);
        }
      else end(holder, isNothing(node) ? holder.end + 1 : endOf(node));
    };
    visit(root, root);
    this.#tail = lines(this.file.text.slice(from)).filter((line) => line !== '' || this.#tail.length > 0);
  }

  /** `first` is what stands on the line of the first key already: the dash of an item. */
  #map({ node, ...typed }: Typed & { readonly node: YamlMap }, indent: number, first: string): void {
    let lead = first;
    for (const entry of inOrder(node, typed)) {
      this.#leading(entry.key, lead === '' ? indent : indent - 2);
      this.#entry(under({ node, ...typed }, entry.value, entry.key.text), entry, { indent, lead });
      lead = '';
    }
  }

  #entry(typed: Typed, { key, value }: YamlEntry, { indent, lead }: { indent: number; lead: string }): void {
    const margin = lead === '' ? ' '.repeat(indent) : lead;
    const head = `${margin}${this.file.text.slice(key.start, key.end)}:`;
    const trailing = this.#around.get(key)?.trailing ?? '';
    if (isBlock(value) && (trailing !== '' || !this.#asFlow(typed, head))) {
      this.#lines.push(withComment(head, trailing));
      this.#nested(typed, indent + 2);
    } else if (!isBlock(value)) this.#lines.push(withComment(this.#inline(typed, head, indent), trailing));
  }

  /** Short blocks of plain values go on the line of their key. */
  #asFlow(typed: Typed, head: string): boolean {
    if (!isShortKind(typed) || this.#hasComments(typed.node)) return false;
    const flow = formatFlow(typed);
    const line = `${head} ${flow ?? ''}`;
    if (flow === undefined || line.length > widest) return false;
    this.#lines.push(line);
    return true;
  }

  /** A whole rule in braces on one line; what stands so beside a name stays, however long. */
  #isLongRule(typed: Typed, head: string): boolean {
    const { node, root, found } = typed;
    if (isStory(root) || !keysOf(found).has('id') || this.#source(node).includes('\n')) return false;
    if ((this.#around.get(node)?.trailing ?? '') !== '') return false;
    const flow = formatFlow(typed);
    return flow !== undefined && head.length + 1 + flow.length > widest;
  }

  #hasComments(node: YamlNode): boolean {
    const around = this.#around.get(node);
    const isCommented = around !== undefined && (around.trailing !== '' || around.leading.some((line) => line !== ''));
    if (isCommented || node.kind === 'scalar') return isCommented;
    if (node.kind === 'list') return node.items.some((item) => this.#hasComments(item));
    return [...node.entries.values()].some(({ key, value }) => this.#hasComments(key) || this.#hasComments(value));
  }

  #nested(typed: Typed, indent: number): void {
    const { node } = typed;
    if (node.kind === 'map') this.#map({ ...typed, node }, indent, '');
    else if (node.kind === 'list') this.#list({ ...typed, node }, indent);
  }

  #list({ node, ...typed }: Typed & { readonly node: YamlList }, indent: number): void {
    for (const item of node.items) {
      this.#leading(item, indent);
      const inner = under({ node, ...typed }, item, '[]');
      const dash = `${' '.repeat(indent)}- `;
      if (item.kind === 'map' && isBlock(item)) {
        if (!this.#asFlow(inner, dash.trimEnd())) this.#map({ ...inner, node: item }, indent + 2, dash);
      } else if (item.kind === 'map' && this.#isLongRule(inner, dash.trimEnd()))
        this.#map({ ...inner, node: item }, indent + 2, dash);
      else if (isBlock(item)) this.#lines.push(`${dash}${formatFlow(inner) ?? ''}`);
      else
        this.#lines.push(
          withComment(this.#inline(inner, dash.slice(0, -1), indent), this.#around.get(item)?.trailing ?? ''),
        );
    }
  }

  #leading(node: YamlNode, indent: number): void {
    for (const line of this.#around.get(node)?.leading ?? []) {
      const isDouble = line === '' && (this.#lines.length === 0 || this.#lines.at(-1) === '');
      if (!isDouble) this.#lines.push(line === '' ? '' : ' '.repeat(indent) + line);
    }
  }

  #inline(typed: Typed, head: string, indent: number): string {
    const { node } = typed;
    if (isNothing(node)) return head;
    if (node.kind === 'scalar') return this.#scalar({ ...typed, node }, head, indent);
    const flow = this.#isCommentedFlow(node) ? undefined : formatFlow(typed);
    const wasOneLine = !this.#source(node).includes('\n');
    if (flow !== undefined && (wasOneLine || head.length + 1 + flow.length <= widest)) return `${head} ${flow}`;
    return this.#asWritten(node, head, indent);
  }

  #scalar(typed: Typed & { readonly node: YamlScalar }, head: string, indent: number): string {
    const { node } = typed;
    if (this.#source(node).includes('\n')) return this.#asWritten(node, head, indent);
    const line = `${head} ${formatScalar(typed)}`;
    return this.#isBelow(node) && line.length > widest ? this.#asWritten(node, head, indent) : line;
  }

  #source({ start, end }: YamlNode): string {
    return this.file.text.slice(start, end).trimEnd();
  }

  #isCommentedFlow = (node: YamlNode): boolean => isFlow(node) && /[ \n]#/.test(this.#source(node));

  /** The first thing on its line, so that its key is on a line before. */
  #isBelow({ start }: YamlNode): boolean {
    const lineStart = this.file.text.lastIndexOf('\n', start - 1) + 1;
    return this.file.text.slice(lineStart, start).trim() === '';
  }

  /** Several lines, moved sideways as far as their first line is. */
  #asWritten(node: YamlNode, head: string, indent: number): string {
    const lineStart = this.file.text.lastIndexOf('\n', node.start - 1) + 1;
    const before = /^[ -]*/.exec(this.file.text.slice(lineStart))?.[0].length ?? 0;
    const isBelow = this.#isBelow(node);
    const move = indent - before + (isBelow ? 2 : 0);
    const [first = '', ...others] = this.#source(node).split('\n');
    const start = isBelow ? `${head}\n${' '.repeat(indent + 2)}${first}` : `${head} ${first}`;
    return [start, ...others.map((line) => shift(line, move))].join('\n');
  }
}

const shift = (line: string, by: number): string => {
  if (line.trim() === '') return '';
  return by >= 0 ? ' '.repeat(by) + line : line.slice(Math.min(-by, /^ */.exec(line)?.[0].length ?? 0));
};

const withComment = (line: string, comment: string): string => (comment === '' ? line : `${line} ${comment}`);

const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.trim());

/** A block scalar takes its last line break with it. */
const endOf = ({ file, end, start }: YamlNode): number => start + file.text.slice(start, end).trimEnd().length;

/** Whether a block of this kind goes into one line where it is short: what is named, not the maps of names. */
function isShortKind({ node, found, root }: Typed): boolean {
  if (isStory(root)) return false;
  if (node.kind !== 'map') return isPlainList(node);
  const keys = keysOf(found);
  const isNamed = contentOf(found) === undefined && keys.size > 0 && !longKeys.some((key) => keys.has(key));
  return isNamed && [...node.entries.values()].every(({ value }) => !isBlock(value) || isPlainList(value));
}

/** What only a whole rule, a policy or a file has. */
const longKeys = ['id', 'thresholds', 'rules'];

const isPlainList = (node: YamlNode): boolean =>
  node.kind === 'list' && node.items.every((item) => item.kind === 'scalar');
