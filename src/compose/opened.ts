/** What a service has opened so far. Each part says how it ends where it is opened. */
export class Opened {
  private readonly loops: (() => unknown)[] = [];
  private readonly parts: (() => unknown)[] = [];
  private readonly stores: (() => unknown)[] = [];

  /** What goes on by itself. */
  work(end: () => unknown): void {
    this.loops.push(end);
  }

  part(end: () => unknown): void {
    this.parts.push(end);
  }

  store(end: () => unknown): void {
    this.stores.push(end);
  }

  async endWork(): Promise<void> {
    await Promise.all(this.loops.splice(0).map((end) => end()));
  }

  /** The latest first: it may use those before it. */
  async endParts(): Promise<void> {
    for (const end of this.parts.splice(0).reverse()) await end();
  }

  async closeStores(): Promise<void> {
    await Promise.all(this.stores.splice(0).map((end) => end()));
  }
}
