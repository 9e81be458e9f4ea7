/** Where a page ended: the sorted value and the id of its last case. */
export interface CaseCursor {
  readonly value: number;
  readonly id: string;
}

export const caseCursorOf = ({ value, id }: CaseCursor): string =>
  Buffer.from(JSON.stringify([value, id])).toString('base64url');

/** `undefined` for text that is no cursor: the list begins at its start then. */
export function parseCaseCursor(text: string | undefined): CaseCursor | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const [value, id]: unknown[] = Array.isArray(parsed) ? parsed : [];
    return typeof value === 'number' && typeof id === 'string' ? { value, id } : undefined;
  } catch {
    return undefined;
  }
}
