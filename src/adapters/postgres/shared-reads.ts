/** One statement for all of these; what is not there is left out. */
type ReadMany<Row> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>;

interface Asked<Row> {
  readonly key: string;
  found(row: Row | undefined): void;
  failed(error: unknown): void;
}

/**
 * Groups reads by key: those of one turn of the event loop, and those that come while a statement is on its way, go into one.
 * A statement begins after all that it is asked for, so that each sees what was committed before its call. When one fails,
 * those that waited for it fail with it: nobody waits for the time-out of a statement twice.
 */
export class SharedReads<Row> {
  private waiting: Asked<Row>[] = [];
  private isReading = false;

  constructor(private readonly readMany: ReadMany<Row>) {}

  get(key: string): Promise<Row | undefined> {
    return new Promise((found, failed) => {
      this.waiting.push({ key, found, failed });
      if (!this.isReading) this.readSoon();
    });
  }

  private readSoon(): void {
    this.isReading = true;
    setImmediate(() => void this.read(this.takeWaiting()));
  }

  private takeWaiting(): readonly Asked<Row>[] {
    const asked = this.waiting;
    this.waiting = [];
    return asked;
  }

  private async read(asked: readonly Asked<Row>[]): Promise<void> {
    try {
      const rows = await this.readMany([...new Set(asked.map(({ key }) => key))]);
      for (const { key, found } of asked) found(rows.get(key));
    } catch (error) {
      for (const { failed } of [...asked, ...this.takeWaiting()]) failed(error);
    }
    if (this.waiting.length > 0) this.readSoon();
    else this.isReading = false;
  }
}
