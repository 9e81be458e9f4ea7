/** A place in a file that is being written: what stands there, or would. */
export interface RulePlace {
  /** Keys from the top, `[]` for an item of a list; of a key, those of the map that it stands in. */
  readonly path: readonly string[];
  readonly role: 'key' | 'value';
  /** What is written there, quotes and the header of a block included; empty where nothing is. */
  readonly start: number;
  readonly end: number;
  readonly style: PlaceStyle;
  /** The other keys of the same map. */
  readonly siblings: readonly string[];
}

export type PlaceStyle = 'none' | 'plain' | 'single' | 'double' | 'block';

/** What stands before the cursor in a value, without quotes, on one line: enough to tell what may follow. */
export function textBefore(text: string, { start, style }: RulePlace, cursor: number): string {
  const written = text.slice(start, cursor);
  if (style === 'block') return joined(written.slice(Math.max(0, written.indexOf('\n'))));
  if (style === 'single') return joined(written.slice(1)).replaceAll("''", "'");
  if (style === 'double') return joined(written.slice(1)).replace(/\\(.)/g, '$1');
  return joined(written);
}

const joined = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trimStart();
