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
