const pageBits = 14;
const pageSize = 1 << pageBits;
const pageMask = pageSize - 1;

/** Whole numbers of 32 bits, one for each row. Grows page by page: nothing is ever copied, so no row costs more than another. */
export class IntColumn {
  readonly #pages: Int32Array[] = [];
  readonly #blank: number;

  constructor(blank = 0) {
    this.#blank = blank;
  }

  get(row: number): number {
    return this.#pages[row >> pageBits]?.[row & pageMask] ?? this.#blank;
  }

  set(row: number, value: number): void {
    const page = this.#pages[row >> pageBits] ?? this.#grow(row);
    page[row & pageMask] = value;
  }

  add(row: number, change: number): number {
    const value = this.get(row) + change;
    this.set(row, value);
    return value;
  }

  #grow(row: number): Int32Array {
    let page = this.#pages[row >> pageBits];
    while (page === undefined) {
      page = new Int32Array(pageSize);
      if (this.#blank !== 0) page.fill(this.#blank);
      this.#pages.push(page);
      page = this.#pages[row >> pageBits];
    }
    return page;
  }
}

/** Instants, one for each row. */
export class InstantColumn {
  readonly #pages: Float64Array[] = [];

  get(row: number): number {
    return this.#pages[row >> pageBits]?.[row & pageMask] ?? 0;
  }

  set(row: number, value: number): void {
    let page = this.#pages[row >> pageBits];
    while (page === undefined) {
      this.#pages.push(new Float64Array(pageSize));
      page = this.#pages[row >> pageBits];
    }
    page[row & pageMask] = value;
  }
}

/** Texts, one for each row: a list of a million would be copied whole whenever it grows. */
export class TextColumn {
  readonly #pages: string[][] = [];

  get(row: number): string {
    return this.#pages[row >> pageBits]?.[row & pageMask] ?? '';
  }

  /** Rows are added in their order. */
  push(row: number, text: string): void {
    const page = this.#pages[row >> pageBits];
    if (page === undefined) this.#pages.push([text]);
    else page.push(text);
  }
}

const recordBits = 12;
const recordMask = (1 << recordBits) - 1;

/** Several whole numbers for each row, side by side: what is read together is fetched from memory once. 0 until set. */
export class IntRecords {
  readonly #pages: Int32Array[] = [];

  constructor(private readonly fields: number) {}

  get(row: number, field: number): number {
    const page = this.#pages[row >> recordBits];
    return page === undefined ? 0 : (page[(row & recordMask) * this.fields + field] ?? 0);
  }

  set(row: number, field: number, value: number): void {
    let page = this.#pages[row >> recordBits];
    while (page === undefined) {
      this.#pages.push(new Int32Array((recordMask + 1) * this.fields));
      page = this.#pages[row >> recordBits];
    }
    page[(row & recordMask) * this.fields + field] = value;
  }

  add(row: number, field: number, change: number): void {
    this.set(row, field, this.get(row, field) + change);
  }
}
