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
 * to shadow, loudly, and stays there until it says something else or someone resets it. Beside the rule set, which never
 * changes; hand `blown` to `judge`.
 */
export class FuseBox {
  readonly #fused: readonly { readonly id: string; readonly on: ReadonlySet<EventType>; readonly counter: Counter }[];
  readonly #types: ReadonlySet<EventType>;
  #blown: ReadonlySet<string> = new Set();

  constructor(
    rules: readonly RuleDeclaration[],
    private readonly onBlown: (blown: BlownFuse) => void,
  ) {
    this.#fused = rules.flatMap(({ info, fuse }) =>
      fuse === undefined || info.mode === 'off'
        ? []
        : [{ id: info.id, on: new Set(info.on), counter: new Counter(fuse) }],
    );
    this.#types = new Set(this.#fused.flatMap(({ on }) => [...on]));
  }

  get blown(): ReadonlySet<string> {
    return this.#blown;
  }

  /** False: `record` has nothing to do for events of this type. */
  watches(type: EventType): boolean {
    return this.#types.has(type);
  }

  /** One judged event and the rules that fired on it, live ones and shadow ones. */
  record(type: EventType, fired: ReadonlySet<string>, at: Instant): void {
    for (const { id, on, counter } of this.#fused) {
      if (!on.has(type) || this.#blown.has(id)) continue;
      counter.add(fired.has(id), at);
      if (!counter.isOver) continue;
      this.#blown = new Set([...this.#blown, id]);
      this.onBlown({ rule: id, hits: counter.hits, events: counter.events, at });
    }
  }

  /** Someone has looked: the rule is live again and counted from zero. */
  reset(id: string): void {
    this.follow(new Set([...this.#blown].filter((one) => one !== id)));
  }

  /** What others know to be blown; what is no longer among them is live again and counted from zero. */
  follow(blown: ReadonlySet<string>): void {
    for (const { id, counter } of this.#fused) if (this.#blown.has(id) && !blown.has(id)) counter.clear();
    if (this.#blown.size !== blown.size || [...blown].some((id) => !this.#blown.has(id))) this.#blown = new Set(blown);
  }
}

class Counter {
  #steps: Step[] = [];
  hits = 0;
  events = 0;

  constructor(private readonly fuse: Fuse) {}

  add(hit: boolean, at: Instant): void {
    const step = this.#step(Math.floor(at / (this.fuse.overMs / steps)));
    step.events++;
    this.events++;
    if (!hit) return;
    step.hits++;
    this.hits++;
  }

  get isOver(): boolean {
    return this.hits >= this.fuse.min && this.hits > this.fuse.share * this.events;
  }

  clear(): void {
    this.#steps = [];
    this.hits = 0;
    this.events = 0;
  }

  /** A late event counts in the newest step: the fuse watches what the engine does now. */
  #step(number: number): Step {
    const newest = this.#steps.at(-1);
    if (newest !== undefined && newest.number >= number) return newest;
    while (this.#steps[0] !== undefined && this.#steps[0].number <= number - steps) this.#forget();
    const step = { number, events: 0, hits: 0 };
    this.#steps.push(step);
    return step;
  }

  #forget(): void {
    const oldest = this.#steps.shift();
    this.events -= oldest?.events ?? 0;
    this.hits -= oldest?.hits ?? 0;
  }
}
