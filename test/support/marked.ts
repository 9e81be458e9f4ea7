/** A text without its cursor (▮), and where that stood. */
export interface Marked {
  readonly text: string;
  readonly offset: number;
  /** Lines and columns from 0, as editors count. */
  readonly position: { readonly line: number; readonly character: number };
}

export function marked(text: string): Marked {
  const offset = text.indexOf('▮');
  if (offset < 0) throw new Error('there is no cursor in the text');
  const before = text.slice(0, offset).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return { text: text.slice(0, offset) + text.slice(offset + 1), offset, position };
}
