import { useState } from 'react';

/** Members that a decision leaves as they are: ticked in the table of members, or written down. */
export interface Excluded {
  readonly ids: string[];
  readonly text: string;
  write(text: string): void;
  toggle(accountId: string): void;
}

export function useExcluded(): Excluded {
  const [text, write] = useState('');
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
