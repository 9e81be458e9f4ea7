/** Seeded chance: one stream for each name, so that adding a crowd changes no other. */
export class Dice {
  #state;

  constructor(seed) {
    this.#state = [...`${seed}`].reduce(
      (hash, sign) => Math.imul(hash ^ sign.codePointAt(0), 16_777_619),
      2_166_136_261,
    );
    for (let i = 0; i < 8; i++) this.unit();
  }

  unit() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance = (share) => this.unit() < share;
  between = (low, high) => low + this.unit() * (high - low);
  whole = (low, high) => Math.floor(this.between(low, high + 1));
  /** Even on a logarithmic scale: for parameters whose size is not known. */
  scale = (low, high) => Math.exp(this.between(Math.log(low), Math.log(high)));
  one = (items) => items[Math.floor(this.unit() * items.length)];

  normal() {
    const radius = Math.sqrt(-2 * Math.log(this.unit() + 1e-12));
    return radius * Math.cos(2 * Math.PI * this.unit());
  }

  /** A time whose logarithm is normal: most human delays. */
  delay = (median, spread) => median * Math.exp(spread * this.normal());

  /** `[[item, weight], …]`. */
  weighted(pairs) {
    let left = this.unit() * pairs.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of pairs) {
      left -= weight;
      if (left <= 0) return item;
    }
    return pairs.at(-1)[0];
  }

  /** Few get most: the k-th item in proportion to 1 / (k + 1) ** skew. */
  ranked(items, skew = 1) {
    let left = this.unit() * rankTotal(items.length, skew);
    for (let k = 0; k < items.length; k++) {
      left -= 1 / (k + 1) ** skew;
      if (left <= 0) return items[k];
    }
    return items.at(-1);
  }

  some = (items, count) => Array.from({ length: count }, () => this.one(items));
  text = (length, signs) => Array.from({ length }, () => signs[Math.floor(this.unit() * signs.length)]).join('');
}

const totals = new Map();
function rankTotal(length, skew) {
  const key = `${length} ${skew}`;
  if (!totals.has(key))
    totals.set(
      key,
      Array.from({ length }, (_, k) => 1 / (k + 1) ** skew).reduce((a, b) => a + b, 0),
    );
  return totals.get(key);
}
