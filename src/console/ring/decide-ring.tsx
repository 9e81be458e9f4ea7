import { type FormEvent, useId, useState } from 'react';
import type { RingTrial } from '../api/types.ts';
import { keepDraft, useDraft } from '../drafts/drafts.ts';
import { FormProblem, faultsUnder } from '../parts/form-field.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { countWords, decisionWords, resultWords } from './batch-words.ts';
import type { Excluded } from './use-excluded.ts';
import { type Body, useRingDecision } from './use-ring-decision.ts';

type Label = '' | 'fraud' | 'honest';

interface DecideRingProps {
  readonly ringId: string;
  readonly excluded: Excluded;
}

/** What would happen is shown first; only then can it be done. */
export function DecideRing({ ringId, excluded }: DecideRingProps) {
  const [decision, setDecision] = useState<Body['decision']>('reject');
  const { reason = '' } = useDraft(ringId);
  const [label, setLabel] = useState<Label>('');
  const id = useId();
  const body: Body = { decision, reason: reason.trim(), exclude: excluded.ids, ...(label === '' ? {} : { label }) };
  const { trial, doing, tried, sent, tryOut } = useRingDecision(ringId, body);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    tryOut();
  };
  return (
    <form className="panel" aria-label="Decide the whole ring" onSubmit={submit}>
      <fieldset className="choices">
        <legend>Decision for the whole ring</legend>
        {(['reject', 'approve'] as const).map((one) => (
          <label key={one}>
            <input type="radio" name={id} checked={decision === one} onChange={() => setDecision(one)} />{' '}
            {decisionWords[one].verb} its accounts
          </label>
        ))}
      </fieldset>
      <label htmlFor={`${id}reason`}>Reason</label>
      <input
        id={`${id}reason`}
        required
        maxLength={2000}
        value={reason}
        onChange={(event) => keepDraft(ringId, { reason: event.target.value })}
      />
      <label htmlFor={`${id}label`}>Label</label>
      <select id={`${id}label`} value={label} onChange={(event) => setLabel(labelOf(event.target.value))}>
        <option value="">no label</option>
        <option value="honest">honest</option>
        <option value="fraud">fraud</option>
      </select>
      <label htmlFor={`${id}exclude`}>Excluded accounts, one on each line</label>
      <textarea
        id={`${id}exclude`}
        rows={2}
        value={excluded.text}
        aria-describedby={`${id}exclude-about`}
        onChange={(event) => excluded.write(event.target.value)}
      />
      <Misnamed id={`${id}exclude-about`} error={doing.error ?? trial.error} sent={sent} />
      <button type="submit" disabled={trial.isPending}>
        Show what would happen
      </button>
      <FormProblem what="Not tried" error={trial.error} beside={['/exclude']} />
      {tried !== undefined && <Tried tried={tried} isPending={doing.isPending} onDo={() => doing.mutate()} />}
      <FormProblem what="Not done" error={doing.error} beside={['/exclude']} />
    </form>
  );
}

interface MisnamedProps {
  readonly id: string;
  readonly error: unknown;
  /** As they stood when it was asked. */
  readonly sent: readonly string[];
}

/** Which of the excluded accounts are wrong, by their names: places in a list say nothing to who wrote it. */
function Misnamed({ id, error, sent }: MisnamedProps) {
  const wrong = faultsUnder(error, '/exclude').map(({ pointer, detail }) => ({
    account: sent[Number(pointer.slice('/exclude/'.length))] ?? 'The list',
    detail,
  }));
  return (
    <div id={id} className="form-problem" role="status">
      {wrong.length > 0 && (
        <ul className="plain">
          {wrong.map(({ account, detail }) => (
            <li key={`${account} ${detail}`}>
              <SafeText text={account} limit={60} /> {detail}.
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const labelOf = (value: string): Label => (value === 'fraud' || value === 'honest' ? value : '');

interface TriedProps {
  readonly tried: RingTrial;
  readonly isPending: boolean;
  readonly onDo: () => void;
}

function Tried({ tried, isPending, onDo }: TriedProps) {
  const { verb, done } = decisionWords[tried.decision];
  const { changed } = tried.counts;
  return (
    <section aria-label="What would happen" role="status">
      <p className="effect">
        {changed} of {tried.total} accounts would be {done}. Nothing has been changed yet.
      </p>
      <ul className="chips">
        {countWords(tried.counts, done).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      {tried.needs_second && <p>A ring of this size is released by two: another senior has to confirm it.</p>}
      {tried.case_claimed && <p className="form-problem">Somebody else is working on the case of this ring.</p>}
      <button type="button" className="primary" disabled={isPending || tried.case_claimed} onClick={onDo}>
        {tried.needs_second ? `Propose to release ${changed} accounts` : `${verb} ${changed} accounts`}
      </button>
      <details>
        <summary>Examples ({tried.examples.length})</summary>
        <table>
          <TableHead columns={['Account', 'Now', 'Then', 'Why']} />
          <tbody>
            {tried.examples.map(({ account_id, from, to, result }) => (
              <tr key={account_id}>
                <td>
                  <SafeText text={account_id} limit={60} />
                </td>
                <td>{from}</td>
                <td>{to}</td>
                <td>{resultWords(result)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
