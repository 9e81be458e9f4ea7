/** Buckets that may lie there too long. */
const trimSlack = 32;

/** Counts by bucket of time, kept as running sums: what lies between two times is one subtraction, however long ago. */
export class BucketSums {
  /** Ascending. */
  private numbers: number[] = [];
  /** Everything up to and with the bucket. */
  private sums: number[] = [];

  add(bucket: number, amount: number): void {
    let place = this.numbers.length;
    while (place > 0 && this.at(this.numbers, place - 1) > bucket) place--;
    if (place === 0 || this.numbers[place - 1] !== bucket) {
      const sum = this.upTo(place);
      if (this.numbers.length === 0) {
        // Most have one bucket: pushing to empty lists would make room for seventeen.
        this.numbers = [bucket];
        this.sums = [sum];
      } else if (place === this.numbers.length) {
        this.numbers.push(bucket);
        this.sums.push(sum);
      } else {
        this.numbers.splice(place, 0, bucket);
        this.sums.splice(place, 0, sum);
      }
      place++;
    }
    for (let index = place - 1; index < this.sums.length; index++)
      this.sums[index] = this.at(this.sums, index) + amount;
  }

  /** Everything in buckets from `first` up to, and without, `end`. */
  between(first: number, end: number): number {
    return this.upTo(this.placeOf(end)) - this.upTo(this.placeOf(first));
  }

  get newest(): number {
    return this.numbers.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** Forgets what lies more than `kept` buckets back, a few at a time: moving what stays costs more than keeping it. */
  trim(kept: number): void {
    if (this.numbers.length <= trimSlack) return;
    const oldest = this.newest - kept;
    if (this.at(this.numbers, trimSlack) >= oldest) return;
    const gone = this.placeOf(oldest);
    const before = this.upTo(gone);
    this.numbers.splice(0, gone);
    this.sums.splice(0, gone);
    for (let index = 0; index < this.sums.length; index++) this.sums[index] = this.at(this.sums, index) - before;
  }

  /** How many buckets lie before `bucket`; most are asked for one at an end, or after it. */
  private placeOf(bucket: number): number {
    let [low, high] = [0, this.numbers.length];
    if (high === 0 || this.at(this.numbers, 0) >= bucket) return 0;
    if (this.at(this.numbers, high - 1) < bucket) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(this.numbers, middle) < bucket) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private upTo(place: number): number {
    return place === 0 ? 0 : this.at(this.sums, place - 1);
  }

  private at(list: readonly number[], index: number): number {
    return list[index] ?? 0;
  }
}
