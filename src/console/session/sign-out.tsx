import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client.ts';
import { dropAllClaims, giveBackClaims } from '../case/claims.ts';
import { dropAllDrafts, useWrittenAbout } from '../drafts/drafts.ts';
import { wordsOf } from '../parts/states.tsx';
import { forgetQueue } from '../queue/queue-place.ts';
import { enter, useSession } from './session.ts';

/**
 * Ends the session. Where that fails the page forgets all the same what it has shown, and the way in says that the session
 * may go on: only the service can end it.
 */
function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      await giveBackClaims();
      await call('closeSession', {});
    },
    onSuccess: () => enter(client, null),
    onError: (error) => enter(client, { notEnded: wordsOf(error) }),
    onSettled: () => {
      // What one person has seen, claimed or written is not the next one's to see.
      dropAllClaims();
      dropAllDrafts();
      forgetQueue();
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    },
  });
}

/** Asks once more where something is written and not sent. */
export function SignOut() {
  const { role } = useSession();
  const isWriting = useWrittenAbout().length > 0;
  const [isAsked, setAsked] = useState(false);
  const leaving = useSignOut();
  const leave = (): void => {
    if (isWriting && !isAsked) setAsked(true);
    else leaving.mutate();
  };
  return (
    <button type="button" disabled={leaving.isPending} onClick={leave} onBlur={() => setAsked(false)}>
      {leaving.isPending ? 'Signing out …' : isWriting && isAsked ? 'Sign out and lose what is not sent' : 'Sign out'}{' '}
      <span className="quiet">({role})</span>
    </button>
  );
}

/** Nobody is shown anything any more, but whoever loads the page anew may still be let in. */
export function NotSignedOut({ why }: { readonly why: string }) {
  const leaving = useSignOut();
  return (
    <div className="notice" role="alert">
      <p>
        You may still be signed in: {why}. Until the service has ended your session, whoever opens the console in this
        browser is you.
      </p>
      <button type="button" disabled={leaving.isPending} onClick={() => leaving.mutate()}>
        Sign out now
      </button>
    </div>
  );
}
