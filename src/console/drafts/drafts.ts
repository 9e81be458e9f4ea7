import { useSyncExternalStore } from 'react';

/** A secret that the service showed once, and that nobody has taken down yet. */
interface ShownSecret {
  /** Of what it belongs to. */
  readonly id: string;
  /** What that is called. */
  readonly of: string;
  readonly secret: string;
}

/** What is lost with the page: what somebody has written about a case or a ring and not sent, or was shown once. */
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
  readonly secrets?: readonly ShownSecret[];
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

/** A newer one of the same thing takes its place. */
export const keepSecret = (subject: string, shown: ShownSecret): void =>
  keepDraft(subject, { secrets: [...secretsWithout(subject, shown.id), shown] });

export const dropSecret = (subject: string, id: string): void =>
  keepDraft(subject, { secrets: secretsWithout(subject, id) });

const secretsWithout = (subject: string, id: string): readonly ShownSecret[] =>
  (drafts[subject]?.secrets ?? []).filter((one) => one.id !== id);

export const dropAllDrafts = (): void => change({});

/** What one person has written is not the next one's to read, or to send. */
export function draftsAreOf(keyId: string): void {
  if (owner !== undefined && owner !== keyId) dropAllDrafts();
  owner = keyId;
}

/** A choice can be made again; what was typed, or shown once, cannot. */
const textsOf = ({ note, reason, decisionNote, question, excluded, secrets = [] }: Draft): readonly string[] =>
  [reason, decisionNote, note, question, excluded, ...secrets.map(({ secret }) => secret)].flatMap((text) =>
    text?.trim() ? [text.trim()] : [],
  );

/** Cases and rings about which something is written, and lists whose secrets are not kept yet. */
const writtenAbout = (): readonly string[] =>
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
