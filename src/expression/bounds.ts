/** What one expression may cost, whoever wrote it. */
export const bounds = {
  /** UTF-8 bytes of text. */
  textBytes: 4096,
  /** Nesting of parentheses, unary operators, calls and list literals; a flat chain adds none. */
  depth: 64,
  nodes: 500,
  listEntries: 256,
  /** Code points of a pattern. */
  patternCharacters: 256,
  /** Instructions that a pattern compiles to. */
  patternSize: 1000,
  /** Code points of an input that a pattern is matched against; the rest is ignored. */
  matchedCharacters: 512,
} as const;
