import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { call } from '../api/client.ts';
import type { CaseDetail } from '../api/types.ts';
import { keepDraft, turnIntoNote, useDraft } from '../drafts/drafts.ts';
import { useKeys } from '../keyboard/keys.ts';
import { Badge } from '../parts/badge.tsx';
import { KeyName } from '../parts/key-name.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { notDone, Shown } from '../parts/states.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { may, useSession } from '../session/session.ts';
import { Appeals, useAppeals } from './appeals.tsx';
import { AssignForm } from './assign-form.tsx';
import { CaseTabs } from './case-tabs.tsx';
import { DecisionPanel } from './decision-panel.tsx';
import { EscalateForm } from './escalate-form.tsx';
import { SnoozeForm } from './snooze-form.tsx';
import { useClaim } from './use-claim.ts';
import { useNextCase } from './use-next-case.ts';
import { Why } from './why.tsx';

export default function CasePage() {
  const { id = '' } = useParams<{ id: string }>();
  const query = useQuery({
    queryKey: ['case', id],
    queryFn: ({ signal }) => call('getCase', { params: { id }, signal }),
  });
  return (
    <Shown what="the case" query={query}>
      {(found) => <OpenCase key={found.id} found={found} />}
    </Shown>
  );
}

function OpenCase({ found }: { readonly found: CaseDetail }) {
  const [, go] = useLocation();
  const now = useNow();
  const { token, claim, giveBack } = useClaim(found.id);
  const next = useNextCase();
  const appeals = useAppeals(found);
  const { key_id: me, role } = useSession();
  const isBarred = appeals.data?.data.some((one) => one.status === 'open' && one.barred_actor === me) === true;
  const [isSnoozing, setSnoozing] = useState(false);
  const [isEscalating, setEscalating] = useState(false);
  const [isAssigning, setAssigning] = useState(false);
  const note = useRef<HTMLTextAreaElement>(null);
  const mine = !isBarred && token !== undefined && found.state !== 'decided';
  const isDecided = found.state === 'decided';
  useEffect(() => {
    if (isDecided) turnIntoNote(found.id);
  }, [isDecided, found.id]);
  const assigns = may(role, ['reviewer']) && found.state !== 'decided';
  useKeys([
    ...(mine
      ? [
          { keys: 's', does: 'snooze this case', run: () => setSnoozing(true) },
          { keys: 'e', does: 'leave this case to a senior', run: () => setEscalating(true) },
        ]
      : []),
    ...(found.state === 'decided' || mine || isBarred
      ? []
      : [{ keys: 'c', does: 'claim this case', run: () => claim.mutate() }]),
    ...(assigns ? [{ keys: 'A', does: 'say who is to decide this case', run: () => setAssigning(true) }] : []),
    { keys: 'n', does: 'write a note', run: () => note.current?.focus() },
    { keys: 'N', does: 'take the next case', run: () => next.mutate() },
    { keys: 'Escape', does: 'back to the queue', run: () => go('/queue') },
  ]);
  return (
    <article className="case">
      <header className="case-head">
        <h1>
          {found.whole_ring ? 'Ring case' : 'Case'} of <SafeText text={found.account_id} limit={60} />
        </h1>
        <p>
          <Badge state={found.state} /> priority {Math.round(found.priority)}, score {Math.round(found.score)}, due{' '}
          <When at={found.due_at} now={now} />
          {found.escalated && <span className="badge chip">for a senior</span>}
          {found.assigned_to !== null && (
            <span className="badge chip">
              for <KeyName id={found.assigned_to} />
            </span>
          )}
        </p>
        <p className="gate">
          <AtTheGate found={found} />
        </p>
      </header>
      <div className="case-body">
        <div>
          <Appeals asked={appeals} now={now} />
          <Why found={found} />
        </div>
        <aside aria-label="Work on this case">
          <ClaimState
            found={found}
            mine={mine}
            isBarred={isBarred}
            claiming={claim}
            onGiveBack={() => giveBack.mutate()}
          />
          {mine && token !== undefined && (
            <>
              <DecisionPanel found={found} token={token} />
              <div className="row later">
                <button type="button" onClick={() => setSnoozing(true)}>
                  Snooze <kbd>s</kbd>
                </button>
                {!found.escalated && (
                  <button type="button" onClick={() => setEscalating(true)}>
                    Escalate <kbd>e</kbd>
                  </button>
                )}
              </div>
              <SnoozeForm caseId={found.id} token={token} isOpen={isSnoozing} onClose={() => setSnoozing(false)} />
              <EscalateForm caseId={found.id} isOpen={isEscalating} onClose={() => setEscalating(false)} />
            </>
          )}
          {assigns && (
            <div className="row later">
              <button type="button" onClick={() => setAssigning(true)}>
                Assign <kbd>A</kbd>
              </button>
            </div>
          )}
          <AssignForm
            found={found}
            isOpen={isAssigning}
            onClose={() => setAssigning(false)}
            onHandedOver={() => mine && giveBack.mutate()}
          />
          <Notes caseId={found.id} field={note} />
        </aside>
        <CaseTabs found={found} now={now} />
      </div>
    </article>
  );
}

/** What the gate does with the account now, in words. */
function AtTheGate({ found }: { readonly found: CaseDetail }) {
  const since = new Date(found.opened_at).toLocaleString();
  const subject = found.whole_ring ? 'The members of this ring' : 'This account';
  if (found.state !== 'decided') return `${subject} cannot use the API since ${since}.`;
  const isApproved = found.decision === 'approve';
  return (
    <>
      {subject} {isApproved ? 'may use the API: approved' : 'cannot use the API: rejected'} by{' '}
      <Decider by={found.decided_by} />.
    </>
  );
}

const Decider = ({ by }: { readonly by: string | null }) => (by === null ? 'nobody named' : <KeyName id={by} />);

interface ClaimStateProps {
  readonly found: CaseDetail;
  readonly mine: boolean;
  /** It decided about the account, which has appealed. */
  readonly isBarred: boolean;
  readonly claiming: ReturnType<typeof useClaim>['claim'];
  readonly onGiveBack: () => void;
}

/** Whose turn it is; when two meet here, each sees what the other did. */
function ClaimState({ found, mine, isBarred, claiming, onGiveBack }: ClaimStateProps) {
  const { key_id: me } = useSession();
  if (found.state === 'decided')
    return (
      <p className="notice" role="status">
        Decided: {found.decision} by {found.decided_by === me ? 'you' : <Decider by={found.decided_by} />}.
      </p>
    );
  if (mine)
    return (
      <p className="notice">
        You have this case.{' '}
        <button type="button" onClick={onGiveBack}>
          Give it back
        </button>
      </p>
    );
  return (
    <div className="notice" role="status">
      <p>
        <Holder found={found} /> has this case.
      </p>
      <button
        type="button"
        className="primary"
        disabled={claiming.isPending || isBarred}
        onClick={() => claiming.mutate()}
      >
        Claim (c)
      </button>
      {claiming.isError && <p className="form-problem">{notDone('Not claimed', claiming.error)}</p>}
    </div>
  );
}

function Holder({ found }: { readonly found: CaseDetail }) {
  const { key_id: me } = useSession();
  if (found.state !== 'claimed' || found.claimed_by === null) return 'Nobody';
  return found.claimed_by === me ? 'Another of your tabs' : <KeyName id={found.claimed_by} />;
}

interface NotesProps {
  readonly caseId: string;
  readonly field: React.RefObject<HTMLTextAreaElement | null>;
}

function Notes({ caseId, field }: NotesProps) {
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
