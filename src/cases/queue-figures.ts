import type { AccessState } from '../model/access.js';
import type { Instant } from '../model/time.js';
import type { QueueView } from './review-queue.js';

export interface ViewCount {
  readonly cases: number;
  /** When the oldest of them was opened; null without any. */
  readonly oldestAt: Instant | null;
}

interface ReviewerFigures {
  /** The id of a key, or the name of a part of the service. */
  readonly actor: string;
  /** Of the key, where it is one. */
  readonly name: string | null;
  readonly decisions: number;
  /** From the opening of a case to its decision. */
  readonly medianMs: number;
}

export interface Workload {
  readonly views: Readonly<Record<QueueView, ViewCount>>;
  readonly undecided: number;
  readonly late: number;
  /** Not late yet, and due within the hour. */
  readonly dueInHour: number;
  /** Of the last 24 hours; null without decisions. */
  readonly medianMs: number | null;
  readonly reviewers: readonly ReviewerFigures[];
}

/** Why a member stands for its ring. */
export const sampleReasons = ['first', 'newest', 'highest_score', 'verified', 'spared'] as const;
export type SampleReason = (typeof sampleReasons)[number];
/** Of each reason. */
export const sampledOfEach = 4;

export interface SampledMember {
  readonly accountId: string;
  readonly why: readonly SampleReason[];
  /** Null for one that was spared: it is not in the case. */
  readonly joinedAt: Instant | null;
  readonly state: AccessState;
  readonly verified: boolean;
  /** Highest score of its decisions. */
  readonly score: number | null;
}

/** Port: figures of the queue. */
export interface QueueFigures {
  /** `mine` is the actor's; the rest may be some seconds old. */
  workload(actor: string, now: Instant): Promise<Workload>;
  late(now: Instant): Promise<number>;
  /**
   * Members of a ring's case that tell most about it: the first, the newest, the highest scores of the newest 500, the
   * verified, and the accounts of the ring that were spared; four of each at most.
   */
  sampleMembers(caseId: string): Promise<readonly SampledMember[]>;
}
