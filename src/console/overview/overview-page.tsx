import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { Link } from 'wouter';
import { call } from '../api/client.ts';
import type { Overview } from '../api/types.ts';
import { Loading, Shown } from '../parts/states.tsx';
import { spanWords, When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';

const OutcomeChart = lazy(() => import('./outcome-chart.tsx'));

export default function OverviewPage() {
  const query = useQuery({
    queryKey: ['overview'],
    refetchInterval: 15_000,
    queryFn: ({ signal }) => call('getOverview', { query: { hours: 24 }, signal }),
  });
  return (
    <>
      <h1>Overview</h1>
      <Shown what="the overview" query={query}>
        {(found) => (isEmpty(found) ? <NothingYet /> : <Figures found={found} />)}
      </Shown>
    </>
  );
}

const isEmpty = ({ signups, cases }: Overview): boolean => signups.length === 0 && cases.open === 0;

/** Nothing has come in: how to send the first event, or to see one. */
function NothingYet() {
  const line = `curl -s ${location.origin}/v1/evaluations -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"type":"signup","event_id":"evt_first","account":{"id":"acct_first"},"ip":"81.2.69.142","email":{"address":"ada@example.com"}}'`;
  return (
    <div className="state">
      <p>Nobody has signed up in the last 24 hours. Send an event:</p>
      <pre>{line}</pre>
      <p>
        Or see it with made-up people, in a folder of its own: <code>./scripts/start --demo</code>
      </p>
    </div>
  );
}

function Figures({ found }: { readonly found: Overview }) {
  const now = useNow();
  const shares = sharesOf(found);
  return (
    <>
      <ul className="tiles">
        <Tile title="Signups a minute" value={round(found.signups_per_minute)}>
          {found.usual_per_minute === null
            ? 'What is usual at this hour is not known yet.'
            : `Usual at this hour: ${round(found.usual_per_minute.low)} to ${round(found.usual_per_minute.high)}.`}
        </Tile>
        <Tile title="Admitted" value={shares.allow}>
          {shares.total} signups in 24 hours
        </Tile>
        <Tile title="Limited" value={shares.limit} />
        <Tile title="Held or denied" value={shares.hold} />
        <Tile title="Cases waiting" value={String(found.cases.open)}>
          <Link href="/queue">
            {found.cases.late > 0 ? `${found.cases.late} late` : 'None is late'}
            {found.cases.oldest_at !== null && `, the oldest ${spanWords(now - Date.parse(found.cases.oldest_at))}`}
          </Link>
        </Tile>
        <Tile title="Precision, 7 days" value={precisionOf(found)}>
          {found.labelled.fraud + found.labelled.honest} held accounts with a label
        </Tile>
      </ul>
      <h2>Decisions on signups</h2>
      <Suspense fallback={<Loading what="the chart" />}>
        <OutcomeChart found={found} />
      </Suspense>
      <News found={found} now={now} />
    </>
  );
}

interface TileProps {
  readonly title: string;
  readonly value: string;
  readonly children?: ReactNode;
}

function Tile({ title, value, children }: TileProps) {
  return (
    <li className="tile">
      <span className="tile-title">{title}</span>
      <strong className="tile-value">{value}</strong>
      <span className="hint">{children}</span>
    </li>
  );
}

/** What a person should know before anything else. */
function News({ found, now }: { readonly found: Overview; readonly now: number }) {
  const { growing_rings: rings, jumped_rules: rules, provisional_accounts: provisional, rulesets } = found;
  return (
    <section aria-labelledby="news">
      <h2 id="news">What is new</h2>
      <ul>
        {rings.map(({ id, size, growth_1h }) => (
          <li key={id}>
            Ring <Link href={`/rings/${id}`}>{id}</Link> grows: {growth_1h} in the last hour, {size} in all.
          </li>
        ))}
        {rules.map(({ rule, last_hour, usual_per_hour }) => (
          <li key={rule}>
            Rule <Link href={`/rules/${rule}`}>{rule}</Link> fired {last_hour} times in the last hour; usual are{' '}
            {round(usual_per_hour)}.
          </li>
        ))}
        {provisional > 0 && (
          <li>{provisional} accounts rest on decisions that missed something; they are judged again by themselves.</li>
        )}
        {rulesets.map(({ hash, version, at }) => (
          <li key={hash}>
            Rule set <code>{version}</code> came into use <When at={at} now={now} />.
          </li>
        ))}
        {rings.length + rules.length + provisional + rulesets.length === 0 && <li>Nothing out of the ordinary.</li>}
      </ul>
    </section>
  );
}

function sharesOf({ signups }: Overview) {
  const sum = (outcome: 'allow' | 'limit' | 'hold' | 'deny'): number =>
    signups.reduce((all, { outcomes }) => all + (outcomes[outcome] ?? 0), 0);
  const total = sum('allow') + sum('limit') + sum('hold') + sum('deny');
  const share = (count: number): string => (total === 0 ? 'none' : `${round((100 * count) / total)} %`);
  return { total, allow: share(sum('allow')), limit: share(sum('limit')), hold: share(sum('hold') + sum('deny')) };
}

function precisionOf({ labelled: { fraud, honest } }: Overview): string {
  return fraud + honest === 0 ? 'not known' : `${round((100 * fraud) / (fraud + honest))} %`;
}

const round = (value: number): string =>
  value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
