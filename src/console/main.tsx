import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem, Unreachable } from './api/client.ts';
import { sessionHasEnded } from './session/session.ts';
import { App } from './shell/app.tsx';
import './theme/theme.css';

/** A refusal stays one however often it is asked; what could not be reached may come back. Who is silent was waited for. */
const isWorthRetrying = (failures: number, error: unknown): boolean =>
  failures < 3 &&
  ((error instanceof Unreachable && !error.isSilent) || (error instanceof ApiProblem && error.status >= 500));

const client: QueryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: isWorthRetrying, staleTime: 5_000, refetchOnWindowFocus: true, networkMode: 'always' },
    // What cannot be done now is not done later, when nobody looks any more.
    mutations: { retry: false, networkMode: 'always', onError: (error) => signedOut(error) },
  },
});

/** A session that has ended shows the way back in, wherever it is noticed. */
function signedOut(error: unknown): void {
  if (error instanceof ApiProblem && error.status === 401) sessionHasEnded(client);
}
client.getQueryCache().subscribe((event) => {
  if (event.type !== 'updated' || event.action.type !== 'error' || event.query.queryKey[0] === 'session') return;
  signedOut(event.action.error);
});

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no place for the console');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
