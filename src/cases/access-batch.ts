import type { AccessState } from '../model/access.js';
import type { Label } from '../model/label.js';
import type { Instant } from '../model/time.js';

/**
 * awaiting_second: a second person has to confirm it; expired: nobody did. planned: at work, or to go on. refused: somebody
 * else had the ring's case by then.
 */
export const batchStates = ['awaiting_second', 'planned', 'done', 'undoing', 'undone', 'expired', 'refused'] as const;
export type BatchState = (typeof batchStates)[number];

/**
 * retro_hold: earlier members of a ring that was found out. ring_decision: what a person decided for a whole ring. gathering:
 * held accounts of a ring that came from cases of their own into its case; it changes no access.
 */
export const batchKinds = ['retro_hold', 'ring_decision', 'gathering'] as const;

/** Many accounts changed for one reason, which can be taken back as one. */
export interface AccessBatch {
  readonly id: string;
  readonly kind: (typeof batchKinds)[number];
  readonly ringId: string;
  /** The decision that found the ring out. */
  readonly decisionId: string | null;
  readonly state: BatchState;
  readonly createdAt: Instant;
  /** When it goes on: what is over the hourly budget waits. While a second person is awaited: when it expires. */
  readonly notBefore: Instant;
  /** How often the ring's members were looked up. */
  readonly looks: number;
  readonly finishedAt: Instant | null;
  readonly undoneAt: Instant | null;
  readonly undoneBy: string | null;
  /** Of a `ring_decision`. */
  readonly order: RingOrder | null;
}

/** What a person decided for a whole ring. */
export interface RingOrder {
  readonly decision: 'approve' | 'reject';
  readonly reason: string;
  readonly label: Label | null;
  readonly actor: string;
  /** Who confirmed it, where two were needed. */
  readonly second: string | null;
  /** Members that are left as they are. */
  readonly exclude: readonly string[];
  /** The ring's case that is decided with it. */
  readonly caseId: string | null;
}

/**
 * Of a decision. changed: it has reached the account. excluded: left as it is because a person said so. already: nothing to
 * do. denied_before: a release does not reach it. claimed, barred, other_case, gone, error: it could not be changed.
 */
const ringResults = [
  'changed',
  'excluded',
  'already',
  'denied_before',
  'claimed',
  'barred',
  'other_case',
  'gone',
  'error',
] as const;
export const batchResults = ['held', 'joined', 'spared', 'restored', 'kept', ...ringResults] as const;
/**
 * held: by this batch. joined: it was held already and is in the ring's case now. spared: left alone.
 * restored: the change was taken back. kept: it was to be taken back, and the account had changed since.
 */
export type BatchResult = (typeof batchResults)[number];
export interface BatchAccount {
  readonly batchId: string;
  readonly accountId: string;
  readonly result: BatchResult;
  readonly at: Instant;
  /** What it was before it was changed. */
  readonly from: {
    readonly state: AccessState;
    readonly requestsPerDay: number | null;
    readonly probation: boolean;
  } | null;
  /** The access version that the change gave it. */
  readonly version: number | null;
  /** The case of its own that was closed with it: open again when the batch is taken back. */
  readonly caseId: string | null;
}

/** The first decision, or rescoring, that found a ring out. */
export interface RingDetection {
  readonly batchId: string;
  readonly ringId: string;
  readonly decisionId: string;
  readonly at: Instant;
}

/** What a held account was before, for whoever takes the batch back. */
export const heldRow = ({
  state,
  requestsPerDay,
  probation,
  version,
}: NonNullable<BatchAccount['from']> & { readonly version: number }) => ({
  from: { state, requestsPerDay, probation },
  version: version + 1,
});
