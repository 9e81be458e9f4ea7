/** Buckets that may lie there too long. */
const trimSlack = 32;

/** Of those that have at most one bucket; never written to. */
const none: number[] = [];

/** Counts by bucket of time, kept as running sums: what lies between two times is one subtraction, however long ago. */
export class BucketSums {
  /** Most have one bucket, without any lists; undefined before the first, and where there are more. */
  private only: number | undefined = undefined;
  private onlySum = 0;
  /** Ascending. */
  private numbers = none;
  /** Everything up to and with the bucket. */
  private sums = none;

  add(bucket: number, amount: number): void {
    if (this.numbers.length === 0) {
      if (this.only === undefined || this.only === bucket) {
        this.only = bucket;
        this.onlySum += amount;
        return;
      }
      this.numbers = [this.only];
      this.sums = [this.onlySum];
      this.only = undefined;
    }
    this.addToMany(bucket, amount);
  }

  /** Everything in buckets from `first` up to, and without, `end`. */
  between(first: number, end: number): number {
    if (this.numbers.length > 0) return this.upTo(this.placeOf(end)) - this.upTo(this.placeOf(first));
    const { only } = this;
    if (only === undefined) return 0;
    return (only < end ? this.onlySum : 0) - (only < first ? this.onlySum : 0);
  }

  get newest(): number {
    return this.only ?? this.numbers.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** Forgets what lies more than `kept` buckets back, a few at a time: moving what stays costs more than keeping it. */
  trim(kept: number): boolean {
    if (this.numbers.length <= trimSlack) return false;
    const oldest = this.newest - kept;
    if (this.at(this.numbers, trimSlack) >= oldest) return false;
    const gone = this.placeOf(oldest);
    const before = this.upTo(gone);
    this.numbers.splice(0, gone);
    this.sums.splice(0, gone);
    for (let index = 0; index < this.sums.length; index++) this.sums[index] = this.at(this.sums, index) - before;
    return true;
  }

  private addToMany(bucket: number, amount: number): void {
    let place = this.numbers.length;
    while (place > 0 && this.at(this.numbers, place - 1) > bucket) place--;
    if (place === 0 || this.numbers[place - 1] !== bucket) {
      const sum = this.upTo(place);
      if (place === this.numbers.length) {
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
