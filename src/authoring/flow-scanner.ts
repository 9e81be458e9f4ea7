import type { PlaceStyle, RulePlace } from './rule-place.js';

const space = /(?:[ \t\r\n]+|#[^\n]*)*/y;
const keyEnd = /[ \t]*:(?=[ \t\r\n,[\]{}"']|$)/y;

/** Reads `{ … }` and `[ … ]` up to a limit, closed or not. */
export class FlowScanner {
  found: RulePlace | undefined;

  constructor(
    private readonly text: string,
    private readonly cursor: number,
    private readonly limit: number,
  ) {}

  /** From the opening bracket; the end is behind the closing one, or the limit. */
  collection(start: number, path: readonly string[]): number {
    const isMap = this.text.charAt(start) === '{';
    const keys: string[] = [];
    const gap = (): Pick<RulePlace, 'path' | 'role' | 'siblings'> =>
      isMap ? { path, role: 'key', siblings: keys } : { path: [...path, '[]'], role: 'value', siblings: [] };
    let at = start + 1;
    for (;;) {
      const next = this.skipSpace(at);
      const char = this.text.charAt(next);
      const isToken = next < this.limit && !',]}'.includes(char);
      if (this.cursor >= at && (this.cursor < next || (this.cursor === next && !isToken))) this.find(gap());
      if (next >= this.limit) return this.limit;
      if (char === ']' || char === '}') return next + 1;
      if (char === ',') at = next + 1;
      else at = isMap ? this.entry(next, path, keys) : this.value(next, [...path, '[]']);
    }
  }

  /** From the opening quote; the end is behind the closing one, or the limit. */
  quoted(start: number): number {
    const quote = this.text.charAt(start);
    for (let at = start + 1; at < this.limit; at++) {
      const char = this.text.charAt(at);
      if (char === '\\' && quote === '"') at++;
      else if (char === quote && quote === "'" && this.text.charAt(at + 1) === "'") at++;
      else if (char === quote) return at + 1;
    }
    return this.limit;
  }

  private entry(start: number, path: readonly string[], keys: string[]): number {
    const { end, style } = this.token(start, true);
    const name = this.text.slice(start, end).replace(/^["']|["']$/g, '');
    const isHere = this.cursor >= start && this.cursor <= end;
    if (isHere) this.find({ path, role: 'key', siblings: keys }, { start, end }, style);
    else keys.push(name);
    keyEnd.lastIndex = end;
    const colon = keyEnd.exec(this.text)?.[0];
    if (colon === undefined || end + colon.length > this.limit) return Math.max(end, start + 1);
    const from = end + colon.length;
    const next = this.skipSpace(from);
    const isNothing = next >= this.limit || ',]}'.includes(this.text.charAt(next));
    const inner = [...path, name];
    if (this.cursor >= from && (this.cursor < next || (isNothing && this.cursor === next)))
      this.find({ path: inner, role: 'value', siblings: [] });
    return isNothing ? next : this.value(next, inner);
  }

  private value(start: number, path: readonly string[]): number {
    const first = this.text.charAt(start);
    if (first === '{' || first === '[') return this.collection(start, path);
    const { end, style } = this.token(start, false);
    if (this.cursor >= start && this.cursor <= end)
      this.find({ path, role: 'value', siblings: [] }, { start, end }, style);
    return Math.max(end, start + 1);
  }

  /** A quoted or plain scalar; the blanks behind a plain one belong to it, because that is where one goes on writing. */
  private token(start: number, isKey: boolean): { end: number; style: PlaceStyle } {
    const first = this.text.charAt(start);
    if (first === '"') return { end: this.quoted(start), style: 'double' };
    if (first === "'") return { end: this.quoted(start), style: 'single' };
    let end = start;
    while (end < this.limit && !',[]{}'.includes(this.text.charAt(end)) && !(isKey && this.isColon(end))) end++;
    return { end, style: 'plain' };
  }

  private isColon(at: number): boolean {
    keyEnd.lastIndex = at;
    return this.text.charAt(at) === ':' && keyEnd.test(this.text);
  }

  private skipSpace(from: number): number {
    space.lastIndex = from;
    return Math.min(this.limit, from + (space.exec(this.text)?.[0].length ?? 0));
  }

  private find(
    place: Pick<RulePlace, 'path' | 'role' | 'siblings'>,
    range = { start: this.cursor, end: this.cursor },
    style: PlaceStyle = range.start === range.end ? 'none' : 'plain',
  ): void {
    this.found ??= { ...place, ...range, style };
  }
}
