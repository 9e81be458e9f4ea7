import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useState } from 'react';
import { Link, Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { type Liveness, useLive } from '../api/live.ts';
import { claimsAreOf } from '../case/claims.ts';
import { UndoProvider } from '../case/undo.tsx';
import { draftsAreOf, warnOfDrafts } from '../drafts/drafts.ts';
import { KeyHelp } from '../keyboard/key-help.tsx';
import { listenToKeys, useKeys } from '../keyboard/keys.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { useFocusAlong } from '../parts/use-arrival.ts';
import { useTitleOfKind } from '../parts/use-title.ts';
import { may, type Role, type Session, SessionProvider, useSession, useSessionQuery } from '../session/session.ts';
import { SignIn } from '../session/sign-in.tsx';
import { SignOut } from '../session/sign-out.tsx';
import { ThemeSwitch } from '../theme/theme-switch.tsx';
import { type Page, pages } from './pages.tsx';

export function App() {
  const session = useSessionQuery();
  useEffect(listenToKeys, []);
  useEffect(warnOfDrafts, []);
  if (session.data === undefined)
    return (
      <main className="sign-in">
        <h1>Portcullis</h1>
        {session.isError ? (
          <Failed what="The console" error={session.error} retry={() => void session.refetch()} />
        ) : (
          <Loading what="the console" />
        )}
      </main>
    );
  const presence = session.data;
  if (presence === null || presence === 'ended' || 'notEnded' in presence) return <SignIn after={presence} />;
  return <SignedIn session={presence} />;
}

function SignedIn({ session }: { readonly session: Session }) {
  const liveness = useLive(useQueryClient());
  useEffect(() => {
    claimsAreOf(session.key_id);
    draftsAreOf(session.key_id);
  }, [session.key_id]);
  const mine = pages.filter(({ roles }) => may(session.role, roles));
  const home = mine[0];
  return (
    <SessionProvider value={session}>
      <Router base="/console">
        <a className="skip" href="#main">
          To the content
        </a>
        <Header liveness={liveness} />
        <Content home={home} />
      </Router>
    </SessionProvider>
  );
}

function Content({ home }: { readonly home: Page | undefined }) {
  const { id, ref } = useFocusAlong();
  const { role } = useSession();
  return (
    <main id={id} ref={ref} tabIndex={-1}>
      <UndoProvider>
        <Suspense fallback={<Loading what="the page" />}>
          <Switch>
            {pages.map((page) => (
              <Route key={page.path} path={page.path}>
                {may(role, page.roles) ? <Titled page={page} /> : <NotYours page={page} />}
              </Route>
            ))}
            <Route path="/">{home === undefined ? <NoPage /> : <Redirect to={home.path} replace />}</Route>
            <Route>
              <NoPage />
            </Route>
          </Switch>
        </Suspense>
      </UndoProvider>
    </main>
  );
}

function Titled({ page: { title, component: Body } }: { readonly page: Page }) {
  useTitleOfKind(title);
  return <Body />;
}

/** Nobody fills in a form that the service would refuse. */
function NotYours({ page: { title, roles } }: { readonly page: Page }) {
  const { role } = useSession();
  useTitleOfKind(title);
  return (
    <div className="state">
      <h1>{title}</h1>
      <p>
        Your key has the role {role}, which may not open this page; {rolesInWords(roles)} may. The navigation above
        lists what yours may open.
      </p>
    </div>
  );
}

/** `senior or admin`; whatever a reviewer may, a senior may too. */
function rolesInWords(roles: readonly Role[]): string {
  const all = new Set<Role>([...roles, ...(roles.includes('reviewer') ? ['senior' as const] : [])]);
  return [...all, 'admin'].join(', ').replace(/, ([^,]*)$/, ' or $1');
}

function Header({ liveness }: { readonly liveness: Liveness }) {
  const session = useSession();
  const [location, go] = useLocation();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const mine = pages.filter(({ roles, path }) => may(session.role, roles) && !path.includes(':'));
  useKeys([
    { keys: '?', does: 'show this help', run: () => setHelpOpen(true) },
    ...mine.flatMap(({ key, title, path }) =>
      key === undefined ? [] : [{ keys: `g ${key}`, does: `go to ${title.toLowerCase()}`, run: () => go(path) }],
    ),
  ]);
  return (
    <header className="top">
      <span className="brand">Portcullis</span>
      <nav aria-label="Pages">
        {mine.map(({ path, title }) => (
          <Link key={path} href={path} aria-current={location.startsWith(path) ? 'page' : undefined}>
            {title}
          </Link>
        ))}
      </nav>
      <div className="tools">
        <span role="status" className={`liveness liveness-${typeof liveness === 'object' ? 'lost' : liveness}`}>
          {typeof liveness === 'object' ? `not live since ${clock(liveness.lostSince)}` : liveness}
        </span>
        <ThemeSwitch />
        <button type="button" onClick={() => setHelpOpen(true)}>
          Keys
        </button>
        <SignOut />
      </div>
      <KeyHelp isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </header>
  );
}

const clock = (at: number): string => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

function NoPage() {
  return (
    <div className="state">
      <h1>There is no such page</h1>
      <p>The navigation above lists what your key may open.</p>
    </div>
  );
}
