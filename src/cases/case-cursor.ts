/** Where a page ended: the sorted value and the id of its last case, and what the list was sorted by. */
export interface CaseCursor {
  readonly value: number;
  readonly id: string;
  readonly sort: string;
}

export const caseCursorOf = ({ value, id, sort }: CaseCursor): string =>
  Buffer.from(JSON.stringify([value, id, sort])).toString('base64url');

/** The largest time that a date can have. */
const latest = 8.64e15;

/** `undefined` for text that is no cursor; the edge refuses it. */
export function parseCaseCursor(text: string | undefined): CaseCursor | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const [value, id, sort]: unknown[] = Array.isArray(parsed) ? parsed : [];
    if (typeof value !== 'number' || Math.abs(value) > latest || typeof id !== 'string' || !/^\w{1,64}$/.test(id))
      return undefined;
    return typeof sort === 'string' ? { value, id, sort } : undefined;
  } catch {
    return undefined;
  }
}
