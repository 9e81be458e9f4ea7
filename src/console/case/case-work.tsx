import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { CaseDetail } from '../api/types.ts';
import { turnIntoNote } from '../drafts/drafts.ts';
import { type KeyAction, useKeys } from '../keyboard/keys.ts';
import { queueHref } from '../queue/queue-place.ts';
import { may, useSession } from '../session/session.ts';
import { AssignForm } from './assign-form.tsx';
import { ClaimState } from './claim-state.tsx';
import { DecisionPanel } from './decision-panel.tsx';
import { EscalateForm } from './escalate-form.tsx';
import { Notes } from './notes.tsx';
import { SnoozeForm } from './snooze-form.tsx';
import { useClaim } from './use-claim.ts';
import { useNextCase } from './use-next-case.ts';

interface WorkProps {
  readonly found: CaseDetail;
  /** Whoever looks decided about the account, which has appealed. */
  readonly isBarred: boolean;
}

/** What can be done with the case, by button and by key. */
export function Work({ found, isBarred }: WorkProps) {
  const { role } = useSession();
  const { token, claim, giveBack } = useClaim(found.id);
  const [asked, setAsked] = useState<Asked>();
  const note = useRef<HTMLTextAreaElement>(null);
  const isDecided = found.state === 'decided';
  const mine = !isBarred && token !== undefined && !isDecided;
  const assigns = may(role, ['reviewer']) && !isDecided;
  const close = (): void => setAsked(undefined);
  useEffect(() => {
    if (isDecided) turnIntoNote(found.id);
  }, [isDecided, found.id]);
  useWorkKeys({
    mine,
    assigns,
    claims: !isDecided && !mine && !isBarred,
    ask: setAsked,
    claim: claim.mutate,
    write: () => note.current?.focus(),
  });
  return (
    <aside aria-label="Work on this case">
      <ClaimState found={found} mine={mine} isBarred={isBarred} claiming={claim} onGiveBack={() => giveBack.mutate()} />
      {mine && token !== undefined && (
        <>
          <DecisionPanel found={found} token={token} />
          <div className="row later">
            <button type="button" onClick={() => setAsked('snooze')}>
              Snooze <kbd>s</kbd>
            </button>
            {!found.escalated && (
              <button type="button" onClick={() => setAsked('escalate')}>
                Escalate <kbd>e</kbd>
              </button>
            )}
          </div>
          <SnoozeForm caseId={found.id} token={token} isOpen={asked === 'snooze'} onClose={close} />
          <EscalateForm caseId={found.id} isOpen={asked === 'escalate'} onClose={close} />
        </>
      )}
      {assigns && (
        <div className="row later">
          <button type="button" onClick={() => setAsked('assign')}>
            Assign <kbd>A</kbd>
          </button>
        </div>
      )}
      <AssignForm
        found={found}
        isOpen={asked === 'assign'}
        onClose={close}
        onHandedOver={() => mine && giveBack.mutate()}
      />
      <Notes caseId={found.id} field={note} />
    </aside>
  );
}

/** The question that is open above the page. */
type Asked = 'snooze' | 'escalate' | 'assign';

interface WorkKeys {
  readonly mine: boolean;
  readonly assigns: boolean;
  readonly claims: boolean;
  readonly ask: (question: Asked) => void;
  readonly claim: () => void;
  readonly write: () => void;
}

function useWorkKeys({ mine, assigns, claims, ask, claim, write }: WorkKeys): void {
  const [, go] = useLocation();
  const { key_id: me } = useSession();
  const next = useNextCase();
  const only = (applies: boolean, ...keys: readonly KeyAction[]): readonly KeyAction[] => (applies ? keys : []);
  useKeys([
    ...only(
      mine,
      { keys: 's', does: 'snooze this case', run: () => ask('snooze') },
      { keys: 'e', does: 'leave this case to a senior', run: () => ask('escalate') },
    ),
    ...only(claims, { keys: 'c', does: 'claim this case', run: claim }),
    ...only(assigns, { keys: 'A', does: 'say who is to decide this case', run: () => ask('assign') }),
    { keys: 'n', does: 'write a note', run: write },
    { keys: 'N', does: 'take the next case', run: () => next.mutate() },
    { keys: 'Escape', does: 'back to the queue', run: () => go(queueHref(me)) },
  ]);
}
