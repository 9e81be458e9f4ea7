import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { ApiProblem, call } from '../api/client.ts';
import type { Operations } from '../api/types.ts';

export type Session = Operations['getSession']['reply'];
export type Role = Session['role'];

/** Null when nobody is signed in. */
export const useSessionQuery = () =>
  useQuery({
    queryKey: ['session'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return await call('getSession', { signal });
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 401) return null;
        throw error;
      }
    },
  });

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
