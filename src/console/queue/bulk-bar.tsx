import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { call } from '../api/client.ts';
import type { ListedCase } from '../api/types.ts';
import { SafeText } from '../parts/safe-text.tsx';
import { wordsOf } from '../parts/states.tsx';

const choices = [
  { decision: 'approve', title: 'Approve', done: 'approved' },
  { decision: 'request_verification', title: 'Ask for verification', done: 'asked for verification' },
  { decision: 'reject', title: 'Reject', done: 'rejected' },
] as const;
type Choice = (typeof choices)[number];

interface Ended {
  readonly id: string;
  readonly account: string;
  readonly words: string;
  readonly isDone: boolean;
}

interface BulkBarProps {
  readonly selected: readonly ListedCase[];
  readonly onClear: () => void;
}

/** Decides each selected case for itself: claimed, then decided, and told what became of it. */
export function BulkBar({ selected, onClear }: BulkBarProps) {
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [ended, setEnded] = useState<readonly Ended[]>([]);
  const field = useId();
  const refresh = () => client.invalidateQueries({ queryKey: ['cases'] });
  const decide = useMutation({
    mutationFn: async (choice: Choice) => {
      setEnded([]);
      for (const one of selected) {
        const result = await decideOne(one, choice, reason.trim());
        setEnded((before) => [...before, result]);
      }
    },
    onSuccess: onClear,
    onSettled: refresh,
  });
  if (selected.length === 0 && ended.length === 0) return null;
  const rings = selected.filter((one) => one.whole_ring).length;
  return (
    <section className="panel bulk" aria-label="Selected cases">
      {selected.length > 0 && (
        <div className="row">
          <strong role="status">{selected.length} selected</strong>
          {rings > 0 && <span>{rings} of them whole rings</span>}
          <label htmlFor={field}>Reason</label>
          <input
            id={field}
            maxLength={2000}
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          {choices.map((choice) => (
            <button
              key={choice.decision}
              type="button"
              disabled={decide.isPending || reason.trim() === ''}
              onClick={() => decide.mutate(choice)}
            >
              {choice.title} {selected.length}
            </button>
          ))}
          <button type="button" disabled={decide.isPending} onClick={onClear}>
            Clear
          </button>
        </div>
      )}
      {ended.length > 0 && <Report ended={ended} isRunning={decide.isPending} onClose={() => setEnded([])} />}
    </section>
  );
}

interface ReportProps {
  readonly ended: readonly Ended[];
  readonly isRunning: boolean;
  readonly onClose: () => void;
}

function Report({ ended, isRunning, onClose }: ReportProps) {
  const failed = ended.filter(({ isDone }) => !isDone);
  return (
    <>
      <p role="status">
        {ended.length - failed.length} decided, {failed.length} not{isRunning ? ' …' : '.'}
      </p>
      <ul className="ended">
        {ended.map(({ id, account, words, isDone }) => (
          <li key={id}>
            <span aria-hidden="true">{isDone ? '✓' : '✕'}</span> <SafeText text={account} limit={40} />: {words}
          </li>
        ))}
      </ul>
      <button type="button" disabled={isRunning} onClick={onClose}>
        Close the report
      </button>
    </>
  );
}

async function decideOne({ id, account_id: account }: ListedCase, choice: Choice, reason: string): Promise<Ended> {
  const params = { id };
  let token: string | undefined;
  try {
    const claim = await call('claimCase', { params });
    token = claim?.claim_token;
    if (token === undefined) return { id, account, words: 'not claimed', isDone: false };
    await call('decideCase', { params, body: { claim_token: token, decision: choice.decision, reason } });
    return { id, account, words: choice.done, isDone: true };
  } catch (error) {
    // Not kept from the others for the length of a lease.
    if (token !== undefined) await call('unclaimCase', { params, body: { claim_token: token } }).catch(() => undefined);
    return { id, account, words: `not decided, ${wordsOf(error)}`, isDone: false };
  }
}
