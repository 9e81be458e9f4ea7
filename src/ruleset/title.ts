import type { InputInfo } from '../model/expression-scope.js';
import { isKnown, type Slots } from '../model/value.js';

type TitlePart = string | InputInfo;

/** A title with its `{name}` places resolved. */
export interface Title {
  readonly parts: readonly TitlePart[];
  readonly reads: readonly InputInfo[];
}

interface TitlePlace {
  readonly name: string;
  /** Offsets of the name in the title. */
  readonly start: number;
  readonly end: number;
}

/** The `{name}` places of a title, in order. */
export const titlePlaces = (text: string): readonly TitlePlace[] =>
  [...text.matchAll(/\{([^{}]*)\}/g)].map((match) => {
    const name = match[1] ?? '';
    return { name: name.trim(), start: match.index + 1, end: match.index + 1 + name.length };
  });

/** The first brace that belongs to no place, or the sign that other templates have before theirs. */
export function strayBrace(text: string): number | undefined {
  const blanked = text.replace(/(^|[^${])\{[^{}]*\}(?!\})/g, (whole, before: string) => before.padEnd(whole.length));
  const at = blanked.search(/\$\{|[{}]/);
  return at < 0 ? undefined : at;
}

/** Unresolved places stay as they are; they have been reported. */
export function compileTitle(text: string, input: (name: string) => InputInfo | undefined): Title {
  const parts: TitlePart[] = [];
  let at = 0;
  for (const place of titlePlaces(text)) {
    const info = input(place.name);
    if (info === undefined) continue;
    parts.push(text.slice(at, place.start - 1), info);
    at = place.end + 1;
  }
  parts.push(text.slice(at));
  return { parts, reads: parts.filter((part) => typeof part !== 'string') };
}

export const fillTitle = ({ parts }: Title, slots: Slots): string =>
  parts.map((part) => (typeof part === 'string' ? part : show(slots, part.slot))).join('');

function show(slots: Slots, slot: number): string {
  const reading = slots[slot];
  if (!isKnown(reading)) return 'unknown';
  return typeof reading === 'number' ? String(Math.round(reading * 100) / 100) : String(reading);
}
