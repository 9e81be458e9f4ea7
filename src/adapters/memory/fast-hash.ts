/**
 * Sixty-four bits of a text, as five characters: for keys that live in one process and are never stored or shown. Not a
 * cryptographic hash. Among a million keys two are alike with a chance of one in forty million.
 */
export function fastHash(type: string, text: string): string {
  let one = 0xdeadbeef ^ type.length;
  let other = 0x41c6ce57 ^ text.length;
  for (let i = 0; i < type.length; i++) {
    const code = type.charCodeAt(i);
    one = Math.imul(one ^ code, 2654435761);
    other = Math.imul(other ^ code, 1597334677);
  }
  // What lies between, so that type and text cannot be cut elsewhere.
  one = Math.imul(one ^ 0x1f, 2654435761);
  other = Math.imul(other ^ 0x1f, 1597334677);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    one = Math.imul(one ^ code, 2654435761);
    other = Math.imul(other ^ code, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return String.fromCharCode(
    unit(one),
    unit(one >>> 13),
    unit((one >>> 26) | (other << 6)),
    unit(other >>> 7),
    unit(other >>> 20),
  );
}

/** Thirteen bits as one character, away from ASCII and from halves of pairs. */
const unit = (bits: number): number => 0x100 + (bits & 0x1fff);
