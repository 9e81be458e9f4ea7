/** Four 32-bit words from a text: equal texts, equal words. */
function wordsOf(text: string): [number, number, number, number] {
  let [a, b, c, d] = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  return [a, b, c, d];
}

/**
 * Numbers that look random and follow from the seed alone (sfc32). Everything that is drawn has a name of its own
 * (`fork`), so that one more draw in one place does not change what is drawn elsewhere.
 */
export class Random {
  readonly #seed: string;
  #a: number;
  #b: number;
  #c: number;
  #count: number;

  constructor(seed: string) {
    this.#seed = seed;
    [this.#a, this.#b, this.#c, this.#count] = wordsOf(seed);
    for (let turn = 0; turn < 12; turn++) this.next();
  }

  /** An independent source that depends on this one's seed and the name only. */
  fork(name: string | number): Random {
    return new Random(`${this.#seed}/${name}`);
  }

  /** From 0 up to but not including 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 to n - 1. */
  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + this.int(high - low + 1);
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** Evenly on a logarithmic scale: each power of two is as likely as the next. */
  logBetween(low: number, high: number): number {
    return low * (high / low) ** this.next();
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(choices: readonly [T, ...T[]] | readonly T[]): T {
    const choice = choices[this.int(choices.length)];
    if (choice === undefined) throw new Error('nothing to choose from');
    return choice;
  }

  /** A key of the table, as often as its weight says. */
  weighted<T>(table: readonly (readonly [T, number])[]): T {
    let left = this.next() * table.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [choice, weight] of table) {
      left -= weight;
      if (left < 0) return choice;
    }
    return this.pick(table)[0];
  }

  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Half of the values lie below the median; two thirds within a factor of e^spread of it. */
  logNormal(median: number, spread: number): number {
    return median * Math.exp(spread * this.normal());
  }

  /** Time to the next of events that come at random, `mean` apart. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** 0 is the most frequent, n - 1 the rarest, as with surnames and carriers' exits. */
  zipf(n: number): number {
    return Math.min(n - 1, Math.floor((n + 1) ** this.next()) - 1);
  }

  /** `#` becomes a digit, `%` one from 2 to 9, `*` a small letter or a digit, `~` a hexadecimal digit; the rest stays. */
  fill(pattern: string): string {
    return pattern.replace(/[#%*~]/g, (mark) => {
      if (mark === '#') return String(this.int(10));
      if (mark === '%') return String(this.whole(2, 9));
      return this.int(mark === '*' ? 36 : 16).toString(36);
    });
  }
}
