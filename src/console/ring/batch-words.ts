import type { RingBatch, RingTrial } from '../api/types.ts';

type Counts = RingTrial['counts'];
type Decision = RingBatch['decision'];

export const decisionWords: Readonly<Record<Decision, { readonly verb: string; readonly done: string }>> = {
  approve: { verb: 'Release', done: 'released' },
  reject: { verb: 'Deny', done: 'denied' },
};

/** Why accounts are left as they are, and what could not be done; a release and a rejection say `changed` differently. */
const words: Readonly<Record<Exclude<keyof Counts, 'changed'>, string>> = {
  excluded: 'excluded by you',
  spared: 'spared: verified, paying for long, old enough, or let in by a person',
  already: 'already let in',
  denied_before: 'already denied',
  claimed: 'in a case that somebody else is working on',
  barred: 'held or denied by you, and appealed: for another person',
  other_case: 'in the case of another ring',
  gone: 'erased meanwhile',
  error: 'could not be written',
  restored: 'as before again',
  kept: 'changed by something else since, and left so',
};

const isName = (name: string): name is keyof typeof words => Object.hasOwn(words, name);

/** `40 denied`, `1 already denied`: what is not zero. */
export const countWords = (counts: Counts, changed: string): readonly string[] =>
  Object.entries(counts).flatMap(([name, count]) => {
    if (count === 0) return [];
    return `${count} ${isName(name) ? words[name] : changed}`;
  });

export const resultWords = (result: string): string => (isName(result) ? words[result] : '');

export const stateWords: Readonly<Record<RingBatch['state'], string>> = {
  awaiting_second: 'waits for a second person',
  planned: 'at work',
  done: 'done',
  undoing: 'being taken back',
  undone: 'taken back',
  expired: 'not confirmed in time',
  refused: 'refused: somebody else had the case',
};

export const isAtWork = ({ state }: RingBatch): boolean => state === 'planned' || state === 'undoing';
