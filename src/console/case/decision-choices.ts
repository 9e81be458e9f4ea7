import type { CaseDetail, Operations } from '../api/types.ts';
import { accountsWords } from '../ring/ring-words.ts';

export type Body = Operations['decideCase']['body'];
export type Choice = Body['decision'];

interface ChoiceInfo {
  readonly key: string;
  readonly title: string;
  readonly reason: string;
  readonly done: string;
  /** What will happen, before it does. */
  readonly effect: (found: CaseDetail) => string;
}

const who = (found: CaseDetail): string =>
  found.whole_ring ? `every member of the ring (${sizeWords(found)})` : 'the account';

const sizeWords = ({ ring }: CaseDetail): string =>
  ring === null || ring.size === null ? 'size unknown' : accountsWords(ring.size);

export const choices: Readonly<Record<Choice, ChoiceInfo>> = {
  approve: {
    key: 'a',
    title: 'Approve',
    reason: 'looks honest on review',
    done: 'Approved.',
    effect: (found) => `In ten seconds ${who(found)} may use the API.`,
  },
  request_verification: {
    key: 'v',
    title: 'Ask for verification',
    reason: 'needs proof',
    done: 'Verification asked for.',
    effect: (found) =>
      `${who(found)} stays held and is asked for: ${found.verify.length === 0 ? 'email' : found.verify.join(', ')}.`,
  },
  reject: {
    key: 'r',
    title: 'Reject',
    reason: 'fraudulent',
    done: 'Rejected.',
    effect: (found) => `At once ${who(found)} is denied.`,
  },
};
/** Characters, as the service has it. */
export const noteMost = 10_000;
export const order: readonly Choice[] = ['approve', 'request_verification', 'reject'];
