import type { CommitOutcome, DecisionRecord } from '../../decisions/decision-log.js';
import { countDown } from '../within.js';

export interface CommitQueueOptions {
  /** From the call to its answer; then the caller is told `unavailable` and may retry with the same event id. */
  readonly deadlineMs: number;
  readonly maxBatch: number;
  /** Batches written at the same time. */
  readonly maxInFlight: number;
  /** Records that wait for their batch; one more is refused at once. */
  readonly maxQueued: number;
}

/** Writes one batch, in which every account and every event id is named once; one outcome a record, in their order. */
type WriteBatch = (records: readonly DecisionRecord[]) => Promise<readonly CommitOutcome[]>;

interface Entry {
  readonly record: DecisionRecord;
  readonly stopWaiting: () => void;
  settle(outcome: CommitOutcome): void;
}

const unavailable = (reason: string): CommitOutcome => ({ kind: 'unavailable', reason });

/**
 * Groups commits: while batches are being written the next one fills, so that one write to disk serves many callers.
 * Records of an account, or with an event id, that is being written wait for the batch after it.
 */
export class CommitQueue {
  private queued: Entry[] = [];
  private inFlight = 0;
  private isFilling = false;
  /** Account and event ids of the batches being written. */
  private readonly busyAccounts = new Set<string>();
  private readonly busyEvents = new Set<string>();

  constructor(
    private readonly write: WriteBatch,
    private readonly options: CommitQueueOptions,
  ) {}

  commit(record: DecisionRecord): Promise<CommitOutcome> {
    if (this.queued.length >= this.options.maxQueued) {
      return Promise.resolve(unavailable('too many decisions wait to be written'));
    }
    return new Promise((resolve) => {
      const entry: Entry = {
        record,
        settle: (outcome) => {
          entry.stopWaiting();
          resolve(outcome);
        },
        stopWaiting: countDown(this.options.deadlineMs, () => this.expire(entry)),
      };
      this.queued.push(entry);
      this.fillSoon();
    });
  }

  /** Decisions that become ready in the same turn of the event loop go into one batch. */
  private fillSoon(): void {
    if (this.isFilling) return;
    this.isFilling = true;
    setImmediate(() => {
      this.isFilling = false;
      this.fill();
    });
  }

  /** A batch that is being written may still be committed: the retry learns it, as a replay. */
  private expire(entry: Entry): void {
    this.queued = this.queued.filter((other) => other !== entry);
    entry.settle(unavailable('the decision was not written in time'));
  }

  private fill(): void {
    while (this.inFlight < this.options.maxInFlight) {
      const batch = this.takeBatch();
      if (batch.length === 0) return;
      void this.run(batch);
    }
  }

  private takeBatch(): Entry[] {
    const batch: Entry[] = [];
    const rest: Entry[] = [];
    for (const entry of this.queued) {
      if (batch.length < this.options.maxBatch && this.reserve(entry.record)) batch.push(entry);
      else rest.push(entry);
    }
    this.queued = rest;
    return batch;
  }

  private reserve({ draft }: DecisionRecord): boolean {
    if (this.busyAccounts.has(draft.account_id) || this.busyEvents.has(draft.event_id)) return false;
    this.busyAccounts.add(draft.account_id);
    this.busyEvents.add(draft.event_id);
    return true;
  }

  private async run(batch: readonly Entry[]): Promise<void> {
    this.inFlight += 1;
    const records = batch.map(({ record }) => record);
    const outcomes = await this.write(records).catch((error: unknown) =>
      records.map(() => unavailable(error instanceof Error ? error.message : String(error))),
    );
    this.inFlight -= 1;
    for (const [index, { record, settle }] of batch.entries()) {
      this.busyAccounts.delete(record.draft.account_id);
      this.busyEvents.delete(record.draft.event_id);
      settle(outcomes[index] ?? unavailable('the database gave no answer for this decision'));
    }
    this.fill();
  }
}
