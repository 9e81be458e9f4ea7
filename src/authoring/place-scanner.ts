import { FlowScanner } from './flow-scanner.js';
import type { PlaceStyle, RulePlace } from './rule-place.js';

/** A block map or list that is open at the line being read. */
interface Frame {
  readonly indent: number;
  readonly path: readonly string[];
  /** Of a map. */
  readonly keys: string[] | undefined;
  /** Where what comes further in belongs. */
  child: readonly string[];
}

const key = /(?:"([^"\n]*)"|'([^'\n]*)'|([A-Za-z_][A-Za-z0-9_.-]*))[ \t]*:(?=[ \t\r\n]|$)/y;
const item = /-(?=[ \t\r\n]|$)/y;
const looksNew = /^[ \t]*(?:-[ \t]|(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*:(?:[ \t\r]|$))/;

/** Where the cursor stands; undefined in a comment. Works on text that is no YAML yet: every line begins anew. */
export function placeAt(text: string, cursor: number): RulePlace | undefined {
  return new PlaceScanner(text, cursor).scan();
}

/** Reads lines by their indentation, as people do, so that what is half-written spoils no more than its own lines. */
class PlaceScanner {
  private at = 0;
  private readonly frames: Frame[] = [];
  private found: RulePlace | undefined;

  constructor(
    private readonly text: string,
    private readonly cursor: number,
  ) {}

  /** The whole text, because keys below the cursor are siblings too. */
  scan(): RulePlace | undefined {
    do this.line();
    while (this.at <= this.text.length);
    return this.found;
  }

  private line(): void {
    const start = this.at;
    const end = this.lineEnd(start);
    const first = this.skipBlanks(start);
    this.at = end + 1;
    if (first >= end || this.text.charAt(first) === '\r') this.blankLine(start, end);
    else if (!/^(?:#|---|\.\.\.|%)/.test(this.text.slice(first, first + 3))) this.content(first, first - start);
  }

  private blankLine(start: number, end: number): void {
    if (!this.has(start, end)) return;
    const column = this.cursor - start;
    const frame = this.frames.findLast(({ indent }) => indent <= column);
    const isKey = frame?.keys !== undefined && frame.indent === column;
    if (frame === undefined) this.find({ path: [], role: 'key', siblings: this.frames[0]?.keys ?? [] });
    else if (isKey) this.find({ path: frame.path, role: 'key', siblings: frame.keys ?? [] });
    else this.find({ path: frame.child, role: 'value', siblings: [] });
  }

  /** What stands on a line from `at`, in that column. */
  private content(at: number, column: number): void {
    while ((this.frames.at(-1)?.indent ?? -1) > column) this.frames.pop();
    const found = this.matches(key, at);
    const top = this.frames.at(-1);
    if (this.matches(item, at) !== null) this.listItem(at, column);
    else if (found !== null) this.mapEntry(found, at, column);
    else if (top?.keys !== undefined && top.indent === column) this.halfKey(top, at);
    else this.value(at, top?.child ?? [], top?.indent ?? -1);
  }

  private listItem(at: number, column: number): void {
    const top = this.frames.at(-1);
    const list =
      top?.keys === undefined && top?.indent === column ? top : this.open(column, top?.child ?? [], undefined);
    list.child = [...list.path, '[]'];
    const next = this.skipBlanks(at + 1);
    const end = this.lineEnd(at);
    if (next < end) this.nested(next, column + next - at, list);
    else if (this.has(at + 1, end)) this.find({ path: list.child, role: 'value', siblings: [] });
  }

  /** Behind a dash: another item, a map that begins here, or a value. */
  private nested(at: number, column: number, list: Frame): void {
    if (this.matches(key, at) !== null || this.matches(item, at) !== null) this.content(at, column);
    else this.value(at, list.child, list.indent);
  }

  private mapEntry(found: RegExpExecArray, at: number, column: number): void {
    while (this.frames.at(-1)?.keys === undefined && this.frames.at(-1)?.indent === column) this.frames.pop();
    const top = this.frames.at(-1);
    const map = top?.indent === column ? top : this.open(column, top?.child ?? [], []);
    const name = found[1] ?? found[2] ?? found[3] ?? '';
    const end = at + found[0].length;
    map.child = [...map.path, name];
    if (this.has(at, end - 1)) {
      this.find({ path: map.path, role: 'key', siblings: map.keys ?? [] }, { start: at, end: end - 1 });
    } else map.keys?.push(name);
    this.value(end, map.child, column);
  }

  /** A word where a key should be: it has no colon yet. */
  private halfKey(map: Frame, at: number): void {
    const end = this.lineEnd(at);
    const word = this.text.slice(at, end).trimEnd();
    if (this.has(at, end))
      this.find({ path: map.path, role: 'key', siblings: map.keys ?? [] }, { start: at, end: at + word.length });
  }

  private open(indent: number, path: readonly string[], keys: string[] | undefined): Frame {
    const frame = { indent, path, keys, child: path };
    this.frames.push(frame);
    return frame;
  }

  /** From behind a colon or a dash; goes on after the last line of the value. */
  private value(from: number, path: readonly string[], indent: number): void {
    const at = this.skipBlanks(from);
    const lineEnd = this.lineEnd(from);
    if (at >= lineEnd || this.text.charAt(at) === '#' || this.text.charAt(at) === '\r') {
      if (this.has(from, Math.max(from, at))) this.find({ path, role: 'value', siblings: [] });
      return;
    }
    if (this.cursor >= from && this.cursor < at) this.find({ path, role: 'value', siblings: [] });
    const limit = this.blockEnd(at, indent);
    const end = this.written(at, path, limit);
    this.at = this.lineEnd(end) + 1;
  }

  /** The end of the value; where the cursor is in it, that is what was looked for. */
  private written(at: number, path: readonly string[], limit: number): number {
    const first = this.text.charAt(at);
    const find = (style: PlaceStyle, end: number): number => {
      if (this.has(at, end)) this.find({ path, role: 'value', siblings: [] }, { start: at, end }, style);
      return end;
    };
    if (first === '|' || first === '>') return find('block', limit);
    const flow = new FlowScanner(this.text, this.cursor, limit);
    if (first === '[' || first === '{') {
      const end = flow.collection(at, path);
      this.found ??= flow.found;
      return end;
    }
    if (first === '"') return find('double', flow.quoted(at));
    if (first === "'") return find('single', flow.quoted(at));
    return find('plain', this.plainEnd(at, limit));
  }

  /** A plain value goes on in lines further in, unless one of them looks like a key or an item. */
  private plainEnd(at: number, limit: number): number {
    let end = this.lineEnd(at);
    while (end < limit && !looksNew.test(this.text.slice(end + 1, this.lineEnd(end + 1)))) end = this.lineEnd(end + 1);
    const comment = /[ \t]#/.exec(this.text.slice(at, end));
    return comment === null ? end : at + comment.index;
  }

  /** End of the last line that lies further in than `indent`; a blank line counts where the cursor is further in on it. */
  private blockEnd(at: number, indent: number): number {
    let end = this.lineEnd(at);
    for (let start = end + 1; start <= this.text.length; start = this.lineEnd(start) + 1) {
      const lineEnd = this.lineEnd(start);
      const first = this.skipBlanks(start);
      const isBlank = first >= lineEnd || this.text.charAt(first) === '\r';
      if (!isBlank && first - start <= indent) break;
      if (!isBlank) end = lineEnd;
      else if (this.has(start, lineEnd) && this.cursor - start > indent) end = this.cursor;
    }
    return end;
  }

  private find(
    place: Pick<RulePlace, 'path' | 'role' | 'siblings'>,
    range = { start: this.cursor, end: this.cursor },
    style: PlaceStyle = range.start === range.end ? 'none' : 'plain',
  ): void {
    this.found ??= { ...place, ...range, style };
  }

  private has(start: number, end: number): boolean {
    return this.cursor >= start && this.cursor <= end;
  }

  private matches(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(this.text);
  }

  private lineEnd(at: number): number {
    const end = this.text.indexOf('\n', at);
    return end < 0 ? this.text.length : end;
  }

  private skipBlanks(from: number): number {
    let at = from;
    while (this.text.charAt(at) === ' ' || this.text.charAt(at) === '\t') at++;
    return at;
  }
}
