import { type QueryClient, useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { ApiProblem, call } from '../api/client.ts';
import type { Operations } from '../api/types.ts';

export type Session = Operations['getSession']['reply'];
export type Role = Session['role'];

/** Somebody signed out, and the service has not said that their session is over; why. */
export interface Leaving {
  readonly notEnded: string;
}

/** Null when nobody is signed in; `ended` when somebody was, and did not sign out. */
type Presence = Session | Leaving | 'ended' | null;

const sessionKey = ['session'];

export const useSessionQuery = () =>
  useQuery({
    queryKey: sessionKey,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal, client }): Promise<Presence> => {
      try {
        return await call('getSession', { signal });
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 401)
          return (client.getQueryData<Presence>(sessionKey) ?? null) === null ? null : 'ended';
        throw error;
      }
    },
  });

/** The service knows the session no more; a key that was refused at the door ends none. */
export function sessionHasEnded(client: QueryClient): void {
  if ((client.getQueryData<Presence>(sessionKey) ?? null) !== null) enter(client, 'ended');
}

export const enter = (client: QueryClient, presence: Presence): void =>
  void client.setQueryData<Presence>(sessionKey, presence);

const SessionContext = createContext<Session | undefined>(undefined);
export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('used outside of a signed-in page');
  return session;
}

/** May release or deny whole rings. */
export const isSenior = (role: Role): boolean => may(role, ['senior']);

/** As the service has it: admin may do all, senior whatever a reviewer may. */
export const may = (role: Role, allowed: readonly Role[]): boolean =>
  role === 'admin' || allowed.includes(role) || (role === 'senior' && allowed.includes('reviewer'));
