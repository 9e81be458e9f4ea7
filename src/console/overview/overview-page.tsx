import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link, useSearchParams } from 'wouter';
import { call } from '../api/client.ts';
import type { Overview } from '../api/types.ts';
import { Loading, Shown } from '../parts/states.tsx';
import { useNow } from '../parts/use-now.ts';
import { News } from './news.tsx';
import { Tiles } from './tiles.tsx';

const OutcomeChart = lazy(() => import('./outcome-chart.tsx'));

const spans = [
  { hours: 1, words: 'the last hour' },
  { hours: 24, words: 'the last 24 hours' },
  { hours: 168, words: 'the last 7 days' },
] as const;
const usual = spans[1];

export default function OverviewPage() {
  const [search] = useSearchParams();
  const span = spans.find(({ hours }) => String(hours) === search.get('hours')) ?? usual;
  const query = useQuery({
    queryKey: ['overview', span.hours],
    refetchInterval: 15_000,
    queryFn: ({ signal }) => call('getOverview', { query: { hours: span.hours }, signal }),
  });
  return (
    <>
      <h1>Overview</h1>
      <nav className="views" aria-label="Time">
        {spans.map(({ hours, words }) => (
          <Link
            key={hours}
            href={hours === usual.hours ? '/overview' : `/overview?hours=${hours}`}
            aria-current={hours === span.hours ? 'page' : undefined}
          >
            {words}
          </Link>
        ))}
      </nav>
      <Shown what="The overview" query={query}>
        {(found) =>
          isEmpty(found) && span.hours >= usual.hours ? (
            <NothingYet words={span.words} />
          ) : (
            <Figures found={found} words={span.words} />
          )
        }
      </Shown>
    </>
  );
}

const isEmpty = ({ signups, cases }: Overview): boolean => signups.length === 0 && cases.open === 0;

/** Nothing has come in: how to send the first event, or to see one. */
function NothingYet({ words }: { readonly words: string }) {
  const line = `curl -s ${location.origin}/v1/evaluations -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"type":"signup","event_id":"evt_first","account":{"id":"acct_first"},"ip":"81.2.69.142","email":{"address":"ada@example.com"}}'`;
  return (
    <div className="state">
      <p>Nobody has signed up in {words}. Send an event, with a key of the role integration or admin:</p>
      <pre className="raw">{line}</pre>
      <p>
        Or load the demo, made-up people in a folder of their own: <code>./scripts/start --demo</code>
      </p>
    </div>
  );
}

function Figures({ found, words }: { readonly found: Overview; readonly words: string }) {
  const now = useNow();
  return (
    <>
      <Tiles found={found} now={now} words={words} />
      <h2>Decisions on signups</h2>
      {found.signups.length === 0 ? (
        <p className="hint">Nobody signed up in {words}.</p>
      ) : (
        <Suspense fallback={<Loading what="the chart" />}>
          <OutcomeChart found={found} />
        </Suspense>
      )}
      <News found={found} now={now} />
    </>
  );
}
