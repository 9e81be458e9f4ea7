import { z } from 'zod';
import { type AccessState, accessStates } from '../../model/access.js';
import { instantText } from '../../model/instant-text.js';
import { outcomes } from '../../model/rule.js';
import type { TruthLine } from '../truth-line.js';
import { type AccountStory, type StateChange, storyOf } from './account-story.js';
import { RingNames } from './ring-names.js';

/** What the scorecard reads of a replay's line; the rest of it does not matter here. */
export interface OutcomeLine {
  readonly kind: 'decision' | 'access_changed';
  readonly at: string;
  readonly account_id: string;
  readonly type?: string;
  readonly outcome?: string;
  readonly state?: AccessState;
  readonly to?: AccessState;
  readonly reasons?: readonly string[];
  readonly ring_id?: string | null | undefined;
  /** Accounts that are in another case than before. */
  readonly cases?: readonly CaseLine[] | undefined;
}

interface CaseLine {
  readonly account_id: string;
  /** Null: none is open any more. */
  readonly case_id: string | null;
  readonly whole_ring: boolean;
}

const anyLine = {
  at: instantText,
  account_id: z.string(),
  ring_id: z.string().nullable().optional(),
  cases: z
    .array(z.looseObject({ account_id: z.string(), case_id: z.string().nullable(), whole_ring: z.boolean() }))
    .optional(),
};

export const outcomeLineSchema: z.ZodType<OutcomeLine> = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('decision'),
    ...anyLine,
    type: z.string(),
    outcome: z.enum(outcomes),
    state: z.enum(accessStates),
    reasons: z.array(z.string()),
  }),
  z.looseObject({ kind: z.literal('access_changed'), ...anyLine, to: z.enum(accessStates) }),
]);

/** All accounts of a campaign and what became of them, told line by line. */
export class Stories {
  readonly #byAccount = new Map<string, AccountStory>();
  readonly rings = new RingNames();
  /** Accounts in the outcomes that the truth does not know. */
  readonly strangers = new Set<string>();
  lastAt = 0;

  addTruth(truth: TruthLine): void {
    this.#byAccount.set(truth.account_id, storyOf(truth));
  }

  addOutcome(line: OutcomeLine): void {
    if (line.cases !== undefined) this.addCases(line.cases);
    const story = this.#byAccount.get(line.account_id);
    if (story === undefined) {
      this.strangers.add(line.account_id);
      return;
    }
    const at = Date.parse(line.at);
    this.lastAt = Math.max(this.lastAt, at);
    const state = line.kind === 'access_changed' ? line.to : line.state;
    if (state === undefined) return;
    if (line.kind === 'decision' && line.type === 'signup') story.atSignup ??= state;
    this.#change(story, { at, state, onProbation: isOnProbation(line, state, story.changes.at(-1)) });
    this.#nameRing(story, line.ring_id);
  }

  addCases(cases: readonly CaseLine[]): void {
    for (const { account_id, case_id, whole_ring } of cases) {
      const story = this.#byAccount.get(account_id);
      if (story === undefined) continue;
      story.undecided = case_id === null ? undefined : { id: case_id, wholeRing: whole_ring };
    }
  }

  get(accountId: string): AccountStory | undefined {
    return this.#byAccount.get(accountId);
  }

  all(): Iterable<AccountStory> {
    return this.#byAccount.values();
  }

  #change({ changes }: AccountStory, change: StateChange): void {
    const last = changes.at(-1);
    if (last?.state !== change.state || last.onProbation !== change.onProbation) changes.push(change);
  }

  #nameRing(story: AccountStory, ringId: string | null | undefined): void {
    if (ringId === null || ringId === undefined) return;
    this.rings.name(ringId, story.ringId);
    story.ringId = ringId;
  }
}

/**
 * A new account that its first decision allows, and that is limited all the same, is on probation until evidence limits it
 * or its state is another one.
 */
function isOnProbation(line: OutcomeLine, state: AccessState, before: StateChange | undefined): boolean {
  if (state !== 'limited' || line.kind !== 'decision' || line.outcome !== 'allow') return false;
  return before === undefined || before.onProbation;
}
