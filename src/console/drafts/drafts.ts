import { useSyncExternalStore } from 'react';

/** What somebody has written about a case or a ring, and has not sent. */
export interface Draft {
  readonly note?: string;
  /** Of a decision that is chosen, and not made. */
  readonly choice?: 'approve' | 'reject' | 'request_verification' | undefined;
  readonly label?: '' | 'fraud' | 'honest';
  readonly reason?: string;
  readonly decisionNote?: string;
  /** What a senior is to look at. */
  readonly question?: string;
  /** Of a ring: accounts to leave out, one on each line. */
  readonly excluded?: string;
}

/** Only here, so that nothing of it stays in the browser: it outlives pages and a session that ends, and is gone with the tab. */
let drafts: Readonly<Record<string, Draft>> = {};
/** Whose they are. */
let owner: string | undefined;
const listeners = new Set<() => void>();

function change(next: Readonly<Record<string, Draft>>): void {
  drafts = next;
  for (const listener of listeners) listener();
}

const none: Draft = {};

export const keepDraft = (subject: string, part: Draft): void =>
  change({ ...drafts, [subject]: { ...(drafts[subject] ?? none), ...part } });

export function dropDraft(subject: string): void {
  const { [subject]: _gone, ...rest } = drafts;
  change(rest);
}

export const dropAllDrafts = (): void => change({});

/** What one person has written is not the next one's to read, or to send. */
export function draftsAreOf(keyId: string): void {
  if (owner !== undefined && owner !== keyId) dropAllDrafts();
  owner = keyId;
}

/** A choice can be made again; what was typed cannot. */
const textsOf = ({ note, reason, decisionNote, question, excluded }: Draft): readonly string[] =>
  [reason, decisionNote, note, question, excluded].flatMap((text) => (text?.trim() ? [text.trim()] : []));

/** Cases and rings about which something is written. */
export const writtenAbout = (): readonly string[] =>
  Object.entries(drafts).flatMap(([subject, draft]) => (textsOf(draft).length > 0 ? [subject] : []));

/** The case was decided by somebody else: what was written for a decision can only be a note any more. */
export function turnIntoNote(subject: string): void {
  const { reason, decisionNote, note } = drafts[subject] ?? none;
  if (reason === undefined && decisionNote === undefined) return;
  const texts = textsOf({ reason: reason ?? '', decisionNote: decisionNote ?? '', note: note ?? '' });
  change({ ...drafts, [subject]: { note: texts.join('\n') } });
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useDraft = (subject: string): Draft => useSyncExternalStore(subscribe, () => drafts[subject] ?? none);

/** As one text: the store tells of a change only where it is another. */
export const useWrittenAbout = (): readonly string[] => {
  const subjects = useSyncExternalStore(subscribe, () => writtenAbout().join(' '));
  return subjects === '' ? [] : subjects.split(' ');
};

/** Whoever closes the page, or loads it anew, is asked first. */
export function warnOfDrafts(): () => void {
  const warn = (event: BeforeUnloadEvent): void => {
    if (writtenAbout().length > 0) event.preventDefault();
  };
  addEventListener('beforeunload', warn);
  return () => removeEventListener('beforeunload', warn);
}
