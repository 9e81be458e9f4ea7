import { keepDraft, useDraft } from '../drafts/drafts.ts';

/** Members that a decision leaves as they are: ticked in the table of members, or written down. */
export interface Excluded {
  readonly ids: string[];
  readonly text: string;
  write(text: string): void;
  toggle(accountId: string): void;
}

export function useExcluded(ringId: string): Excluded {
  const { excluded: text = '' } = useDraft(ringId);
  const write = (excluded: string): void => keepDraft(ringId, { excluded });
  const ids = [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
  return {
    ids,
    text,
    write,
    toggle(accountId) {
      const rest = ids.filter((id) => id !== accountId);
      write((rest.length < ids.length ? rest : [...ids, accountId]).join('\n'));
    },
  };
}
