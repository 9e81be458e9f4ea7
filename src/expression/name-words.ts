/** A name as its words in small letters: `isPublicProxy`, `is-public-proxy` and `is_public_proxy` are the same three. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

/** Without what one thing and several of them differ in. */
export const stemOf = (word: string): string =>
  word.length < 4 ? word : word.replace(/ies$/, 'y').replace(/(?<!s)s$/, '');

/** Words that names begin with and that say little. */
const fillers: ReadonlySet<string> = new Set(['is', 'has', 'was', 'looks', 'the', 'num', 'number', 'value']);

/** The words that tell a name from others, each once. */
export const tellingWords = (words: readonly string[]): readonly string[] => [
  ...new Set(words.filter((word) => !fillers.has(word)).map(stemOf)),
];
