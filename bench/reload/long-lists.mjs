/** Different numbers of 32 bits, always the same ones. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state ^ (state >>> 15)) >>> 0;
  };
}

const kinds = {
  values: (next) => `m${next().toString(36)}.example`,
  'IPv4 ranges': (next) => `${1 + (next() % 220)}.${next() % 256}.${next() % 256}.0/${20 + (next() % 5)}`,
  'IPv6 ranges': (next) =>
    `2001:${(next() & 0xffff).toString(16)}:${(next() & 0xffff).toString(16)}:${(next() & 0xffff).toString(16)}::/64`,
  'AS numbers': (next) => `AS${next() % 4_000_000}`,
};

/** Lists of each length and kind; `text(n)` is the whole file, another for each n. Bytes, so that making them is no part of what is measured. */
export function* longLists(lengths) {
  for (const length of lengths)
    for (const [kind, line] of Object.entries(kinds)) {
      const next = numbers(length);
      const pieces = [];
      for (let n = 0; n < length; n++) pieces.push(`${line(next)}\n`);
      const lines = Buffer.from(pieces.join(''));
      yield {
        name: `${length.toLocaleString('en')} ${kind}`,
        path: 'lists/long.txt',
        text: (n) => Buffer.concat([Buffer.from(`# source: made up, ${n}\n# date: 2026-11-01\n`), lines]),
      };
    }
}
