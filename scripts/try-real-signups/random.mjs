/** Numbers that only depend on the seed (mulberry32). */
export function seededRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low, high) => low + Math.floor(next() * (high - low + 1));
  const pick = (list) => list[Math.floor(next() * list.length)];
  /** The first of a list is the most common, as with banks and names. */
  const pickEarly = (list) => list[Math.min(list.length - 1, Math.floor(next() ** 2 * list.length))];
  const chance = (share) => next() < share;
  const digits = (count) => Array.from({ length: count }, () => int(0, 9)).join('');
  const letters = (count) => Array.from({ length: count }, () => String.fromCharCode(97 + int(0, 25))).join('');
  const hex = (count) => Array.from({ length: count }, () => int(0, 15).toString(16)).join('');
  const weighted = (list) => {
    let left = next() * list.reduce((sum, { weight }) => sum + weight, 0);
    return (
      list.find(({ weight }) => {
        left -= weight;
        return left < 0;
      }) ?? list[0]
    );
  };
  return { next, int, pick, pickEarly, chance, digits, letters, hex, weighted };
}
