/** Events that left a log, or were counted in totals, and are still known when they come again. */
export const goneMost = 10_000;

/** Remembers at least the last `most` events, and at most twice as many. */
export class RecentEvents {
  private current = new Set<string>();
  private previous = new Set<string>();

  constructor(private readonly most: number) {}

  has(event: string): boolean {
    return this.current.has(event) || this.previous.has(event);
  }

  /** False when it was known. */
  add(event: string): boolean {
    if (this.has(event)) return false;
    if (this.current.size >= this.most) [this.previous, this.current] = [this.current, new Set()];
    this.current.add(event);
    return true;
  }
}
