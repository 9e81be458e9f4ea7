import { isInstant } from '../model/time.js';

/** Where a page ended: the sorted value and the id of its last case, and what the list was sorted by. */
interface CaseCursor {
  readonly value: number;
  readonly id: string;
  readonly sort: string;
}

export const caseCursorOf = ({ value, id, sort }: CaseCursor): string =>
  Buffer.from(JSON.stringify([value, id, sort])).toString('base64url');

/** What is urgent has its place some days before the time at which it came; sizes of rings are small. */
const urgencyMs = 366 * 86_400_000;

/** `undefined` for text that is no cursor; the edge refuses it. */
export function parseCaseCursor(text: string | undefined): CaseCursor | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const [value, id, sort]: unknown[] = Array.isArray(parsed) ? parsed : [];
    if (typeof value !== 'number' || !isInstant(value + urgencyMs) || typeof id !== 'string' || !/^\w{1,64}$/.test(id))
      return undefined;
    return typeof sort === 'string' ? { value, id, sort } : undefined;
  } catch {
    return undefined;
  }
}
