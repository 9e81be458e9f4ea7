import type { EventType } from '../model/event-type.js';
import type { Instant } from '../model/time.js';
import type { Fuse, RuleDeclaration } from './rule-declaration.js';

export interface BlownFuse {
  readonly rule: string;
  readonly hits: number;
  readonly events: number;
  readonly at: Instant;
}

/** The window moves in this many steps. */
const steps = 20;

interface Step {
  number: number;
  events: number;
  hits: number;
}

/**
 * Counts how often fused rules fire, in the window of their fuse. A rule that fires on too large a share of events goes
 * to shadow, loudly, and stays there until a rule set is loaded or someone resets it. Beside the rule set, which never
 * changes; hand `blown` to `judge`.
 */
export class FuseBox {
  readonly #fused: readonly { readonly id: string; readonly on: ReadonlySet<EventType>; readonly counter: Counter }[];
  readonly #blown = new Set<string>();

  constructor(
    rules: readonly RuleDeclaration[],
    private readonly onBlown: (blown: BlownFuse) => void,
  ) {
    this.#fused = rules.flatMap(({ info, fuse }) =>
      fuse === undefined ? [] : [{ id: info.id, on: new Set(info.on), counter: new Counter(fuse) }],
    );
  }

  get blown(): ReadonlySet<string> {
    return this.#blown;
  }

  /** One judged event and the rules that fired on it, live ones and shadow ones. */
  record(type: EventType, fired: ReadonlySet<string>, at: Instant): void {
    for (const { id, on, counter } of this.#fused) {
      if (!on.has(type) || this.#blown.has(id)) continue;
      const { hits, events } = counter.add(fired.has(id), at);
      if (!counter.isOver(hits, events)) continue;
      this.#blown.add(id);
      this.onBlown({ rule: id, hits, events, at });
    }
  }

  /** Someone has looked: the rule is live again and counted from zero. */
  reset(id: string): void {
    this.#blown.delete(id);
    for (const fused of this.#fused) if (fused.id === id) fused.counter.clear();
  }
}

class Counter {
  #steps: Step[] = [];

  constructor(private readonly fuse: Fuse) {}

  add(hit: boolean, at: Instant): { hits: number; events: number } {
    const number = Math.floor(at / (this.fuse.overMs / steps));
    const newest = Math.max(number, this.#steps.at(-1)?.number ?? number);
    this.#steps = this.#steps.filter((step) => step.number > newest - steps);
    // A late event counts in the newest step: the fuse watches what the engine does now.
    let step = this.#steps.at(-1);
    if (step === undefined || step.number < newest) {
      step = { number: newest, events: 0, hits: 0 };
      this.#steps.push(step);
    }
    step.events++;
    if (hit) step.hits++;
    return this.#totals();
  }

  isOver(hits: number, events: number): boolean {
    return hits >= this.fuse.min && hits > this.fuse.share * events;
  }

  clear(): void {
    this.#steps = [];
  }

  #totals(): { hits: number; events: number } {
    let hits = 0;
    let events = 0;
    for (const step of this.#steps) {
      hits += step.hits;
      events += step.events;
    }
    return { hits, events };
  }
}
