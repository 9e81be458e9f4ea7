/** RFC 6901: the empty path is the whole document. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${escapePointerStep(String(step))}`).join('');
}

/** A lone surrogate is no UTF-8: it is shown as a replacement character, so that the answer is always valid JSON text. */
export const escapePointerStep = (step: string): string =>
  step
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replaceAll('~', '~0')
    .replaceAll('/', '~1');
