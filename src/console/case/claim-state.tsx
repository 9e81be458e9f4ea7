import { useRef } from 'react';
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

/** Whose turn it is; when two meet here, each sees what the other did. One region for all of it: readers hear it change. */
export function ClaimState(props: ClaimStateProps) {
  const { found, mine, claiming, onGiveBack } = props;
  const region = useRef<HTMLDivElement>(null);
  // A button that goes when it is used would take the focus with it.
  const stay = (): void => region.current?.focus();
  return (
    <div ref={region} className="notice" role="status" tabIndex={-1}>
      {found.state === 'decided' ? (
        <DecidedWords found={found} />
      ) : mine ? (
        <p>
          You have this case.{' '}
          <button
            type="button"
            onClick={() => {
              stay();
              onGiveBack();
            }}
          >
            Give it back
          </button>
        </p>
      ) : (
        <ToClaim
          {...props}
          onClaim={() => {
            stay();
            claiming.mutate();
          }}
        />
      )}
    </div>
  );
}

function DecidedWords({ found }: { readonly found: CaseDetail }) {
  const { key_id: me } = useSession();
  if (found.decision === null) return <p>Closed: the case of its ring takes its place.</p>;
  return (
    <p>
      Decided: {found.decision} by {found.decided_by === me ? 'you' : <Decider by={found.decided_by} />}.
    </p>
  );
}

function ToClaim({ found, isBarred, claiming, onClaim }: ClaimStateProps & { readonly onClaim: () => void }) {
  return (
    <>
      <p>
        <Holder found={found} />
      </p>
      <button type="button" className="primary" disabled={claiming.isPending || isBarred} onClick={onClaim}>
        Claim (c)
      </button>
      {claiming.isError && <p className="form-problem">{notDone('Not claimed', claiming.error)}</p>}
    </>
  );
}

function Holder({ found }: { readonly found: CaseDetail }) {
  const { key_id: me } = useSession();
  if (found.state !== 'claimed' || found.claimed_by === null) return 'Nobody has this case.';
  if (found.claimed_by === me)
    return 'You have this case elsewhere: in another tab, or in one that was closed. Claim it to go on here.';
  return (
    <>
      <KeyName id={found.claimed_by} /> has this case.
    </>
  );
}
