/** Something that was written to the audit trail. */
interface AuditedChange {
  readonly seq: number;
  /** `case.claimed`: its first word is the topic. */
  readonly kind: string;
  /** Id of the account, the case, the ring … */
  readonly subject: string;
  readonly caseId: string | null;
}

/** Port: what has changed in the truth, in the order of `seq`, whichever instance did it. */
interface AuditTail {
  newest(): Promise<number>;
  after(seq: number, limit: number): Promise<readonly AuditedChange[]>;
}

/** What an open page is told: enough to know what to ask for again, and nothing about anyone. */
interface Changes {
  /** `case`, `access`, `decision`, `ring` … */
  readonly topics: readonly string[];
  /** Cases among them, at most `maxCases`; null when there were more. */
  readonly cases: readonly string[] | null;
}

interface ChangeListener {
  /** From here on nothing is missed; whatever was read before this may be old. */
  ready(): void;
  changed(changes: Changes): void;
}

export interface ChangeFeed {
  /** The answer ends it. */
  subscribe(listener: ChangeListener): () => void;
}

const everyMs = 1_000;
const limit = 500;
const maxCases = 50;
/** Numbers are given before transactions end: one that ends late is found as long as it is not this far behind. */
const overlap = 500;

/** One look a second for all pages that are open here, and none while there is none. */
export function createChangeFeed(tail: AuditTail, onError: (error: unknown) => void): ChangeFeed {
  const listeners = new Set<ChangeListener>();
  let running = false;
  let following = false;

  async function watch(): Promise<void> {
    const follower = await Follower.start(tail);
    following = true;
    for (const listener of listeners) listener.ready();
    while (listeners.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, everyMs).unref());
      const found = await follower.next().catch(onError);
      if (found !== undefined && found.length > 0) tell(summaryOf(found));
    }
  }

  function tell(changes: Changes): void {
    for (const listener of listeners) listener.changed(changes);
  }

  function run(): void {
    if (running) return;
    running = true;
    void watch()
      .catch(onError)
      .finally(() => {
        running = false;
        following = false;
        // Someone came while the last look was going on, or the first one failed.
        if (listeners.size > 0) setTimeout(run, everyMs).unref();
      });
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (following) listener.ready();
      else run();
      return () => void listeners.delete(listener);
    },
  };
}

class Follower {
  private seen = new Set<number>();

  private constructor(
    private readonly tail: AuditTail,
    private newest: number,
    private readonly start: number,
  ) {}

  static async start(tail: AuditTail): Promise<Follower> {
    const newest = await tail.newest();
    return new Follower(tail, newest, newest);
  }

  async next(): Promise<readonly AuditedChange[]> {
    const rows = await this.tail.after(Math.max(this.start, this.newest - overlap), overlap + limit);
    const fresh = rows.filter(({ seq }) => !this.seen.has(seq));
    for (const { seq } of fresh) this.newest = Math.max(this.newest, seq);
    this.seen = new Set(rows.map(({ seq }) => seq).filter((seq) => seq > this.newest - overlap));
    return fresh;
  }
}

function summaryOf(changes: readonly AuditedChange[]): Changes {
  const topics = [...new Set(changes.map(({ kind }) => kind.split('.')[0] ?? kind))];
  const named = changes.flatMap(({ kind, subject, caseId }) => (kind.startsWith('case.') ? [subject] : (caseId ?? [])));
  const cases = [...new Set(named)];
  return { topics, cases: cases.length > maxCases ? null : cases };
}
