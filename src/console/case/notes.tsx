import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent, RefObject } from 'react';
import { call } from '../api/client.ts';
import { keepDraft, useDraft } from '../drafts/drafts.ts';
import { notDone } from '../parts/states.tsx';

interface NotesProps {
  readonly caseId: string;
  readonly field: RefObject<HTMLTextAreaElement | null>;
}

export function Notes({ caseId, field }: NotesProps) {
  const client = useQueryClient();
  const { note: text = '' } = useDraft(caseId);
  const setText = (note: string): void => keepDraft(caseId, { note });
  const add = useMutation({
    mutationFn: () => call('noteCase', { params: { id: caseId }, body: { text: text.trim() } }),
    onSuccess: () => {
      setText('');
      field.current?.blur();
      return client.invalidateQueries({ queryKey: ['case', caseId] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') add.mutate();
  };
  return (
    <form className="panel" aria-label="Note" onSubmit={submit}>
      <label htmlFor="case-note">Note</label>
      <textarea
        id="case-note"
        ref={field}
        rows={2}
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') field.current?.blur();
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
        }}
      />
      <button type="submit" disabled={add.isPending || text.trim() === ''}>
        Add the note
      </button>
      {add.isError && <p className="form-problem">{notDone('Not added', add.error)}</p>}
    </form>
  );
}
