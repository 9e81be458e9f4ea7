import { afterAll, beforeAll, describe, it } from '@jest/globals';

type Work = () => Promise<unknown>;

/** As jest's own, within one story. */
export interface Telling {
  beforeAll(work: Work, timeoutMs?: number): void;
  it(title: string, work: Work, timeoutMs?: number): void;
  afterAll(work: Work, timeoutMs?: number): void;
}

/** As testTimeout in jest's configuration. */
const usualMs = 30_000;

/**
 * Stories that share nothing and mostly wait, told at the same time: each in its own order, and each of its tests tells what
 * became of it as any test does. Where one fails the next ones of its story are tried all the same. All are prepared before
 * any is told: what starts takes the machine from what is measured.
 */
export function sideBySide(stories: Readonly<Record<string, (telling: Telling) => void>>): void {
  const all = Object.entries(stories).map(([title, tell]) => new Story(title, tell));
  // Hooks of the file that were declared before have run by then.
  beforeAll(() => {
    const prepared = Promise.allSettled(all.map((story) => story.prepare()));
    for (const story of all) story.begin(prepared);
  });
  for (const story of all) story.describe();
}

/** What is to be done, and how long it may take. */
interface Task {
  readonly title: string;
  readonly work: Work;
  readonly timeoutMs: number;
}

class Story {
  private readonly preparations: Task[] = [];
  private readonly tests: Task[] = [];
  private readonly ends: Task[] = [];
  private ready: Promise<unknown> = Promise.resolve();
  private outcomes: readonly Promise<unknown>[] = [];

  constructor(
    private readonly title: string,
    tell: (telling: Telling) => void,
  ) {
    tell({
      beforeAll: (work, timeoutMs = usualMs) => void this.preparations.push({ title, work, timeoutMs }),
      it: (name, work, timeoutMs = usualMs) => void this.tests.push({ title: name, work, timeoutMs }),
      afterAll: (work, timeoutMs = usualMs) => void this.ends.push({ title, work, timeoutMs }),
    });
  }

  async prepare(): Promise<void> {
    for (const { work } of this.preparations) this.ready = this.ready.then(work);
    await this.ready;
  }

  begin(prepared: Promise<unknown>): void {
    const own = this.ready;
    this.ready = prepared.then(() => own);
    let before: Promise<unknown> = Promise.resolve();
    this.outcomes = this.tests.map(({ work }) => {
      const outcome = before.then(() => this.ready).then(work);
      before = outcome.catch(() => undefined);
      return outcome;
    });
  }

  describe(): void {
    describe(this.title, () => {
      beforeAll(() => this.ready, Math.max(usualMs, ...this.preparations.map(({ timeoutMs }) => timeoutMs)));
      for (const [place, { title, timeoutMs }] of this.tests.entries())
        it(title, async () => this.outcomes[place], timeoutMs);
      for (const { work, timeoutMs } of this.ends) afterAll(work, timeoutMs);
    });
  }
}
