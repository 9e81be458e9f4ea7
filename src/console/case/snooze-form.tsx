import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { CancelButton, FormDialog } from '../parts/form-dialog.tsx';
import { notDone } from '../parts/states.tsx';
import { dropClaim } from './claims.ts';
import { useNextCase } from './use-next-case.ts';

const spans = [
  { words: '1 hour', ms: 3_600_000 },
  { words: '4 hours', ms: 14_400_000 },
  { words: '1 day', ms: 86_400_000 },
  { words: '3 days', ms: 259_200_000 },
] as const;

interface SnoozeFormProps {
  readonly caseId: string;
  readonly token: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Puts a case off; the account stays held meanwhile. */
export function SnoozeForm({ caseId, token, isOpen, onClose }: SnoozeFormProps) {
  const client = useQueryClient();
  const next = useNextCase();
  const snooze = useMutation({
    mutationFn: (ms: number) =>
      call('snoozeCase', {
        params: { id: caseId },
        body: { claim_token: token, until: new Date(Date.now() + ms).toISOString() },
      }),
    onSuccess: () => {
      dropClaim(caseId);
      onClose();
      next.mutate();
      return client.invalidateQueries({ queryKey: ['case', caseId] });
    },
  });
  return (
    <FormDialog
      title="Snooze for how long?"
      about="The account stays held until the case is decided."
      isOpen={isOpen}
      onClose={onClose}
    >
      <div className="row">
        {spans.map(({ words, ms }) => (
          <button key={words} type="button" disabled={snooze.isPending} onClick={() => snooze.mutate(ms)}>
            {words}
          </button>
        ))}
      </div>
      <p role="alert" className="form-problem">
        {snooze.isError && notDone('Not snoozed', snooze.error)}
      </p>
      <CancelButton />
    </FormDialog>
  );
}
