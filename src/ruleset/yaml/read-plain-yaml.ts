import { plainScalar, quotedScalar } from './plain-scalar.js';
import type { SourceFile } from './source-file.js';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './yaml-node.js';

/** Not written in the plain way: the library has to say what it means, or what is wrong with it. */
class NotPlain extends Error {}

const deepest = 20;
/** YAML's own limit is a little more. */
const longestKey = 1000;
const keyForm = /[A-Za-z_][A-Za-z0-9_.-]*(?=:(?: |\n|$))/y;
const restOfLine = /(?: +#[^\n]*| *)(?=\n|$)/y;
const emptyLines = /(?:(?: *#[^\n]*| *)\n)*(?: *#[^\n]*$| *$)?/y;

/**
 * Reads what nearly all rules files are made of: block maps and lists, flow maps and lists of one line, scalars of one
 * line, comments. Whatever else comes, even a slip, is left to the library. A block ends at least with its first line,
 * which is as far as places show it.
 */
class PlainReader {
  private at = 0;

  constructor(private readonly file: SourceFile) {}

  document(): YamlMap {
    this.nextLine();
    const map = this.blockMap(this.column(), 0);
    if (this.at < this.file.text.length) throw new NotPlain();
    return map;
  }

  /** Past what the pattern, which is sticky, finds here. A match is not asked for: most of a file's garbage was made of them. */
  private skip(pattern: RegExp): void {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.file.text)) throw new NotPlain();
    this.at = pattern.lastIndex;
  }

  private skipBlanks(): void {
    while (this.file.text.charCodeAt(this.at) === 0x20) this.at++;
  }

  private peek(offset = 0): string {
    return this.file.text.charAt(this.at + offset);
  }

  /** To the first character of the next line that says something. */
  private nextLine(): void {
    this.skip(emptyLines);
    this.skipBlanks();
  }

  /** After a value: nothing more on its line. */
  private endLine(): void {
    this.skip(restOfLine);
    if (this.peek() === '\n') this.at++;
    this.nextLine();
  }

  private column(): number {
    return this.at - (this.file.text.lastIndexOf('\n', this.at - 1) + 1);
  }

  private lineEnd(from: number): number {
    const end = this.file.text.indexOf('\n', from);
    return end < 0 ? this.file.text.length : end;
  }

  private blockMap(column: number, depth: number): YamlMap {
    if (depth > deepest) throw new NotPlain();
    const start = this.at;
    const entries = new Map<string, YamlEntry>();
    do {
      const key = this.key();
      if (entries.has(key.text)) throw new NotPlain();
      entries.set(key.text, { key, value: this.blockValue(column, depth) });
    } while (this.isAt(column) && !this.isItem());
    return { kind: 'map', file: this.file, start, end: this.lineEnd(start), entries };
  }

  private isAt(column: number): boolean {
    return this.at < this.file.text.length && this.column() === column;
  }

  private isItem(): boolean {
    return this.peek() === '-' && this.peek(1) === ' ';
  }

  private key(): YamlScalar {
    const start = this.at;
    this.skip(keyForm);
    const text = this.file.text.slice(start, this.at);
    if (text.length > longestKey) throw new NotPlain();
    this.at++;
    return this.checked(plainScalar(this.file, start, text));
  }

  private checked(scalar: YamlScalar | undefined): YamlScalar {
    if (scalar === undefined) throw new NotPlain();
    return scalar;
  }

  /** After a key and its colon. */
  private blockValue(column: number, depth: number): YamlNode {
    this.skipBlanks();
    const first = this.peek();
    if (first !== '' && first !== '\n' && first !== '#') return this.lineValue(column);
    this.endLine();
    const inner = this.column();
    if (this.at >= this.file.text.length || inner < column) throw new NotPlain();
    if (this.isItem()) return this.blockList(inner, depth + 1);
    if (inner === column) throw new NotPlain();
    return this.blockMap(inner, depth + 1);
  }

  /** A value on the line of its key; a line further in would go on with it. */
  private lineValue(column: number): YamlNode {
    const value = this.inlineValue(false, 0);
    this.endLine();
    if (this.at < this.file.text.length && this.column() > column) throw new NotPlain();
    return value;
  }

  private blockList(column: number, depth: number): YamlList {
    const start = this.at;
    const items: YamlNode[] = [];
    while (this.isAt(column) && this.isItem()) {
      this.at++;
      this.skipBlanks();
      keyForm.lastIndex = this.at;
      items.push(keyForm.test(this.file.text) ? this.blockMap(this.column(), depth + 1) : this.lineValue(column));
    }
    return { kind: 'list', file: this.file, start, end: this.lineEnd(start), items };
  }

  private inlineValue(inFlow: boolean, depth: number): YamlNode {
    const first = this.peek();
    if (depth > deepest) throw new NotPlain();
    if (first === '{') return this.flowMap(depth + 1);
    if (first === '[') return this.flowList(depth + 1);
    const scalar =
      first === "'" || first === '"'
        ? quotedScalar(this.file, this.at)
        : plainScalar(this.file, this.at, this.plainText(inFlow));
    this.at = this.checked(scalar).end;
    return this.checked(scalar);
  }

  /** Up to what ends it, without the blanks before that. */
  private plainText(inFlow: boolean): string {
    const { text } = this.file;
    let end = this.at;
    for (let i = this.at; i < text.length; i++) {
      const character = text.charAt(i);
      if (character === '\n' || (character === '#' && text.charAt(i - 1) === ' ')) break;
      if (inFlow && (character === ',' || character === '}' || character === ']')) break;
      if (character === ':' && (inFlow || /^[ \n]?$/.test(text.charAt(i + 1)))) throw new NotPlain();
      if (inFlow && (character === '{' || character === '[')) throw new NotPlain();
      if (character !== ' ') end = i + 1;
    }
    return text.slice(this.at, end);
  }

  private flowMap(depth: number): YamlMap {
    const start = this.at++;
    const entries = new Map<string, YamlEntry>();
    this.skipBlanks();
    if (this.peek() !== '}') {
      do {
        this.skipBlanks();
        const key = this.key();
        this.skipBlanks();
        if (entries.has(key.text)) throw new NotPlain();
        entries.set(key.text, { key, value: this.inlineValue(true, depth) });
      } while (this.isMore());
    }
    this.close('}');
    return { kind: 'map', file: this.file, start, end: this.at, entries };
  }

  private flowList(depth: number): YamlList {
    const start = this.at++;
    const items: YamlNode[] = [];
    this.skipBlanks();
    if (this.peek() !== ']') {
      do {
        this.skipBlanks();
        items.push(this.inlineValue(true, depth));
      } while (this.isMore());
    }
    this.close(']');
    return { kind: 'list', file: this.file, start, end: this.at, items };
  }

  private isMore(): boolean {
    this.skipBlanks();
    if (this.peek() !== ',') return false;
    this.at++;
    return true;
  }

  private close(bracket: string): void {
    if (this.peek() !== bracket) throw new NotPlain();
    this.at++;
  }
}

/** Tabs, returns, other control characters and byte order marks within mean too many things. */
const oddCharacters = /[^\n -~\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** The file as the library would read it without a word of complaint; undefined when it has to be asked. */
export function readPlainYaml(file: SourceFile): YamlMap | undefined {
  if (oddCharacters.test(file.text)) return undefined;
  try {
    return new PlainReader(file).document();
  } catch (failure) {
    if (failure instanceof NotPlain) return undefined;
    throw failure;
  }
}
