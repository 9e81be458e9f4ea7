import type { CaseDetail } from '../api/types.ts';
import { KeyName } from '../parts/key-name.tsx';
import { notDone } from '../parts/states.tsx';
import { useSession } from '../session/session.ts';
import { Decider } from './at-the-gate.tsx';
import type { useClaim } from './use-claim.ts';

interface ClaimStateProps {
  readonly found: CaseDetail;
  readonly mine: boolean;
  readonly isBarred: boolean;
  readonly claiming: ReturnType<typeof useClaim>['claim'];
  readonly onGiveBack: () => void;
}

/** Whose turn it is; when two meet here, each sees what the other did. */
export function ClaimState({ found, mine, isBarred, claiming, onGiveBack }: ClaimStateProps) {
  const { key_id: me } = useSession();
  if (found.state === 'decided' && found.decision === null)
    return (
      <p className="notice" role="status">
        Closed: the case of its ring takes its place.
      </p>
    );
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
