import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Dialog } from 'radix-ui';
import { type FormEvent, useState } from 'react';
import { call } from '../api/client.ts';
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
  const [reason, setReason] = useState('');
  const escalate = useMutation({
    mutationFn: () => call('escalateCase', { params: { id: caseId }, body: { reason: reason.trim() } }),
    onSuccess: () => {
      dropClaim(caseId);
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
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog">
          <Dialog.Title>Leave it to a senior?</Dialog.Title>
          <Dialog.Description>
            From then on only seniors may claim it. The account stays held meanwhile.
          </Dialog.Description>
          <form className="panel" onSubmit={submit}>
            <label htmlFor="escalate-reason">What should they look at?</label>
            <input
              id="escalate-reason"
              required
              maxLength={2000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
            <div className="row">
              <button type="submit" className="primary" disabled={escalate.isPending}>
                Escalate
              </button>
              <Dialog.Close type="button">Cancel</Dialog.Close>
            </div>
            <FormProblem what="Not escalated" error={escalate.error} />
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
