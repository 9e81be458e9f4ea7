import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { call } from '../api/client.ts';
import type { Operations, Ring } from '../api/types.ts';
import { useKeys } from '../keyboard/keys.ts';
import { Empty, Shown } from '../parts/states.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { accountsWords, networksWords } from './ring-words.ts';

type State = NonNullable<NonNullable<Operations['listRings']['query']>['state']>;

const states: readonly { readonly id: State; readonly title: string; readonly none: string }[] = [
  { id: 'detected', title: 'Found out', none: 'No ring has been found out.' },
  { id: 'open', title: 'Growing', none: 'No accounts are linked.' },
  { id: 'dissolved', title: 'Dissolved', none: 'No ring has fallen apart.' },
];

export default function RingsPage() {
  const [search] = useSearchParams();
  const state = states.find(({ id }) => id === search.get('state')) ?? states[0];
  const wanted = state?.id ?? 'detected';
  const rings = useInfiniteQuery({
    queryKey: ['rings', wanted],
    initialPageParam: '',
    queryFn: ({ pageParam: cursor, signal }) =>
      call('listRings', { query: { state: wanted, limit: 50, ...(cursor === '' ? {} : { cursor }) }, signal }),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <>
      <h1>Rings</h1>
      <nav aria-label="States" className="views">
        {states.map(({ id, title }) => (
          <Link key={id} href={`/rings?state=${id}`} aria-current={id === wanted ? 'page' : undefined}>
            {title}
          </Link>
        ))}
      </nav>
      <Shown what="the rings" query={rings}>
        {({ pages }) => {
          const rows = pages.flatMap(({ data }) => data);
          if (rows.length === 0) return <Empty>{state?.none}</Empty>;
          return (
            <>
              <RingTable key={wanted} rows={rows} />
              {rings.hasNextPage && (
                <button type="button" disabled={rings.isFetchingNextPage} onClick={() => void rings.fetchNextPage()}>
                  More rings
                </button>
              )}
            </>
          );
        }}
      </Shown>
    </>
  );
}

const growthOf = ({ statistics }: Ring): number => statistics?.growth_1h ?? -1;

function RingTable({ rows: loaded }: { readonly rows: readonly Ring[] }) {
  const now = useNow();
  const [byGrowth, setByGrowth] = useState(false);
  const rows = byGrowth ? [...loaded].sort((a, b) => growthOf(b) - growthOf(a)) : loaded;
  const [, go] = useLocation();
  const [current, setCurrent] = useState(0);
  useKeys([
    { keys: 'j', does: 'next ring', run: () => setCurrent(Math.min(rows.length - 1, current + 1)) },
    { keys: 'k', does: 'ring before', run: () => setCurrent(Math.max(0, current - 1)) },
    { keys: 'Enter', does: 'open the ring', run: () => go(`/rings/${rows[current]?.id ?? ''}`) },
  ]);
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Ring</th>
            <th scope="col" aria-sort={byGrowth ? 'none' : 'descending'}>
              <button type="button" className="sort" onClick={() => setByGrowth(false)}>
                Accounts
              </button>
            </th>
            <th scope="col" aria-sort={byGrowth ? 'descending' : 'none'}>
              <button type="button" className="sort" onClick={() => setByGrowth(true)}>
                New in the last hour
              </button>
            </th>
            <th scope="col">Held</th>
            <th scope="col">Networks</th>
            <th scope="col">First seen</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((ring, index) => (
            <tr key={ring.id} className={index === current ? 'current' : undefined}>
              <td>
                <Link href={`/rings/${ring.id}`}>{ring.id}</Link>
              </td>
              <td>{accountsWords(ring.size)}</td>
              <td>{ring.statistics === null ? 'not known' : accountsWords(ring.statistics.growth_1h)}</td>
              <td>{ring.statistics === null ? 'not known' : percent(ring.statistics.held_share)}</td>
              <td>{ring.statistics === null ? 'not known' : networksWords(ring.statistics.distinct_prefixes)}</td>
              <td>
                <When at={ring.first_seen_at} now={now} />
              </td>
              <td>
                <When at={ring.changed_at} now={now} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
