import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/client.ts';
import type { CaseDetail } from '../api/types.ts';
import { CancelButton, FormDialog } from '../parts/form-dialog.tsx';
import { Field, FormProblem } from '../parts/form-field.tsx';
import { useSession } from '../session/session.ts';

interface AssignFormProps {
  readonly found: CaseDetail;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Somebody else has it to do from now on. */
  readonly onHandedOver: () => void;
}

/** Gives a case to one person, or back to all. */
export function AssignForm({ found, isOpen, onClose, onHandedOver }: AssignFormProps) {
  const client = useQueryClient();
  const { key_id: me } = useSession();
  const [to, setTo] = useState('');
  const assign = useMutation({
    mutationFn: (chosen: string | null) => call('assignCase', { params: { id: found.id }, body: { to: chosen } }),
    onSuccess: (_case, chosen) => {
      onClose();
      if (chosen !== null && chosen !== me) onHandedOver();
      return client.invalidateQueries({ queryKey: ['case', found.id] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (to.trim() !== '') assign.mutate(to.trim());
  };
  return (
    <FormDialog
      title="Who is to decide it?"
      about="Nobody else is given it as their next case. The account stays held meanwhile."
      isOpen={isOpen}
      onClose={onClose}
    >
      <form className="panel" onSubmit={submit}>
        <Field label="Key of the person" pointer="/to" error={assign.error} hint="Whoever decided lately is offered.">
          {(input) => (
            <input
              {...input}
              list="assign-colleagues"
              required
              maxLength={256}
              value={to}
              onChange={(event) => setTo(event.target.value)}
            />
          )}
        </Field>
        <Colleagues isAsked={isOpen} />
        <div className="row">
          <button type="submit" className="primary" disabled={assign.isPending}>
            Assign
          </button>
          <button type="button" disabled={assign.isPending} onClick={() => assign.mutate(me)}>
            To me
          </button>
          {found.assigned_to !== null && (
            <button type="button" disabled={assign.isPending} onClick={() => assign.mutate(null)}>
              To everybody again
            </button>
          )}
          <CancelButton />
        </div>
        <FormProblem what="Not assigned" error={assign.error} beside={['/to']} />
      </form>
    </FormDialog>
  );
}

/** Whoever decided cases of late is offered; any other key may be typed. */
function Colleagues({ isAsked }: { readonly isAsked: boolean }) {
  const { data } = useQuery({
    queryKey: ['workload'],
    enabled: isAsked,
    queryFn: ({ signal }) => call('getWorkload', { signal }),
  });
  return (
    <datalist id="assign-colleagues">
      {data?.reviewers.map(({ actor, name }) => (
        <option key={actor} value={actor}>
          {name ?? actor}
        </option>
      ))}
    </datalist>
  );
}
