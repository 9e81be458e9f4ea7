import type { Instant } from '../model/time.js';

/** A person says that a key is shared by right, or by chance: it links nobody while the mark stands. */
export interface RingHubMark {
  readonly id: string;
  /** The ring at which it was marked. */
  readonly ringId: string;
  readonly link: string;
  /** What the key is called wherever rings are stored. */
  readonly key: string;
  readonly reason: string;
  readonly actor: string;
  readonly at: Instant;
  readonly removedBy: string | null;
  readonly removedAt: Instant | null;
}

/** Port: marks in the truth, each change with its line of audit; the ring worker follows them. */
export interface RingHubMarks {
  /** False when the key is marked already. */
  mark(mark: RingHubMark): Promise<boolean>;
  /** The mark as it was taken away; undefined when there is none that stands. */
  remove(where: {
    readonly ringId: string;
    readonly key: string;
    readonly actor: string;
    readonly at: Instant;
  }): Promise<RingHubMark | undefined>;
  /** The newest first; also of rings that went into it. */
  ofRing(ringId: string): Promise<readonly RingHubMark[]>;
  /** Keys whose marks stand. */
  standing(): Promise<readonly string[]>;
}
