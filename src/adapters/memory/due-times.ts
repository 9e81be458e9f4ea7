import type { Instant } from '../../model/time.js';

interface Due {
  readonly at: Instant;
  readonly id: string;
}

const isEarlier = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.id < b.id);

/** One time for each id; the earliest first, those of one time in order of their ids. */
export class MemoryDueTimes {
  private readonly times = new Map<string, Instant>();
  /** A binary heap; what was set anew or removed stays in it until it comes up. */
  private readonly heap: Due[] = [];

  get size(): number {
    return this.times.size;
  }

  get(id: string): Instant | undefined {
    return this.times.get(id);
  }

  set(id: string, at: Instant): void {
    this.times.set(id, at);
    this.push({ at, id });
  }

  delete(id: string): void {
    this.times.delete(id);
  }

  /** The earliest; undefined when there is none. */
  next(): Due | undefined {
    for (let top = this.heap[0]; top !== undefined; top = this.heap[0]) {
      if (this.times.get(top.id) === top.at) return top;
      this.pop();
    }
    return undefined;
  }

  private push(due: Due): void {
    const { heap } = this;
    let place = heap.push(due) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isEarlier(due, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = due;
  }

  private pop(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    let place = 0;
    for (let below = this.earlierChild(place); below !== undefined; below = this.earlierChild(place)) {
      if (!isEarlier(below.due, last)) break;
      this.heap[place] = below.due;
      place = below.place;
    }
    this.heap[place] = last;
  }

  private earlierChild(place: number): { readonly place: number; readonly due: Due } | undefined {
    const [left, right] = [this.heap[2 * place + 1], this.heap[2 * place + 2]];
    if (left === undefined) return undefined;
    if (right === undefined || isEarlier(left, right)) return { place: 2 * place + 1, due: left };
    return { place: 2 * place + 2, due: right };
  }
}
