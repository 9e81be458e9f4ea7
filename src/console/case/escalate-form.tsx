import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { call } from '../api/client.ts';
import { keepDraft, useDraft } from '../drafts/drafts.ts';
import { CancelButton, FormDialog } from '../parts/form-dialog.tsx';
import { FormProblem } from '../parts/form-field.tsx';
import { dropClaim } from './claims.ts';
import { useNextCase } from './use-next-case.ts';

interface EscalateFormProps {
  readonly caseId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Leaves a case to a senior, with the question that goes with it. */
export function EscalateForm({ caseId, isOpen, onClose }: EscalateFormProps) {
  const client = useQueryClient();
  const next = useNextCase();
  const { question: reason = '' } = useDraft(caseId);
  const escalate = useMutation({
    mutationFn: () => call('escalateCase', { params: { id: caseId }, body: { reason: reason.trim() } }),
    onSuccess: () => {
      dropClaim(caseId);
      keepDraft(caseId, { question: '' });
      onClose();
      next.mutate();
      return client.invalidateQueries({ queryKey: ['case', caseId] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (reason.trim() !== '') escalate.mutate();
  };
  return (
    <FormDialog
      title="Leave it to a senior?"
      about="From then on only seniors may claim it. The account stays held meanwhile."
      isOpen={isOpen}
      onClose={onClose}
    >
      <form className="panel" onSubmit={submit}>
        <label htmlFor="escalate-reason">What should they look at?</label>
        <input
          id="escalate-reason"
          required
          maxLength={2000}
          value={reason}
          onChange={(event) => keepDraft(caseId, { question: event.target.value })}
        />
        <div className="row">
          <button type="submit" className="primary" disabled={escalate.isPending}>
            Escalate
          </button>
          <CancelButton />
        </div>
        <FormProblem what="Not escalated" error={escalate.error} />
      </form>
    </FormDialog>
  );
}
