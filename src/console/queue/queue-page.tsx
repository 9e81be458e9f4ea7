import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link, useSearchParams } from 'wouter';
import { call } from '../api/client.ts';
import { useNextCase } from '../case/use-next-case.ts';
import { useWrittenAbout } from '../drafts/drafts.ts';
import { useKeys } from '../keyboard/keys.ts';
import { Empty, notDone, Shown } from '../parts/states.tsx';
import { useSession } from '../session/session.ts';
import { FilterBar } from './filter-bar.tsx';
import { keepSearch } from './queue-place.ts';
import { QueueTable } from './queue-table.tsx';
import { type FilterField, filterOf, type Typed, type View, viewOf, views, type Workload } from './views.ts';

const pageSize = 100;

export default function QueuePage() {
  const [search, setSearch] = useSearchParams();
  const { key_id: me } = useSession();
  useEffect(() => keepSearch(me, search), [me, search]);
  const view = viewOf(search.get('view'));
  const typed = typedIn(search);
  const { filter: asked, unfit } = filterOf(view, typed);
  const filter = { ...asked, limit: pageSize };
  const cases = useInfiniteQuery({
    queryKey: ['cases', filter],
    enabled: unfit.length === 0,
    initialPageParam: '',
    queryFn: ({ pageParam: cursor, signal }) =>
      call('listCases', { query: { ...filter, ...(cursor === '' ? {} : { cursor }) }, signal }),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const workload = useQuery({
    queryKey: ['workload'],
    queryFn: ({ signal }) => call('getWorkload', { signal }),
    refetchInterval: 4_000,
  });
  useNewCases(workload.data);
  const next = useNextCase();
  const filterField = useRef<HTMLInputElement>(null);
  useKeys([
    { keys: 'N', does: 'take the next case', run: () => next.mutate() },
    { keys: '/', does: 'filter', run: () => filterField.current?.focus() },
  ]);
  const setFilter = (name: string, value: string): void =>
    setSearch((now) => {
      if (value === '') now.delete(name);
      else now.set(name, value);
      return now;
    });
  return (
    <>
      <div className="page-head">
        <h1>Queue</h1>
        <Summary workload={workload.data} />
        <button type="button" className="primary" disabled={next.isPending} onClick={() => next.mutate()}>
          Next case (N)
        </button>
      </div>
      {search.get('done') !== null && (
        <p role="status">The queue is empty: every case is decided, claimed or put off.</p>
      )}
      {next.isError && <p role="alert">{notDone('No next case', next.error)}</p>}
      <Unsent />
      <Views current={view} workload={workload.data} />
      <FilterBar key={view.id} values={typed} first={filterField} onChange={setFilter} />
      {unfit.length > 0 ? (
        <NotAsked unfit={unfit} />
      ) : (
        <Shown what="the queue" query={cases}>
          {({ pages }) => {
            const rows = pages.flatMap(({ data }) => data);
            return rows.length === 0 ? (
              <Empty>
                {Object.values(typed).some((text) => text !== '') ? 'No case fits the filters.' : view.none}
              </Empty>
            ) : (
              <QueueTable
                key={JSON.stringify(filter)}
                list={JSON.stringify(filter)}
                rows={rows}
                isWhole={!cases.hasNextPage}
                onEnd={() => !cases.isFetchingNextPage && void cases.fetchNextPage()}
              />
            );
          }}
        </Shown>
      )}
    </>
  );
}

/** Decisions come by the hundred; the list is asked for anew when they, or colleagues, have changed what waits. */
function useNewCases(workload: Workload | undefined): void {
  const client = useQueryClient();
  const counts = JSON.stringify(workload && Object.values(workload.views));
  const shown = useRef(counts);
  useEffect(() => {
    if (shown.current === counts) return;
    shown.current = counts;
    void client.invalidateQueries({ queryKey: ['cases'] });
  }, [client, counts]);
}

const typedIn = (search: URLSearchParams): Typed => {
  const of = (name: keyof Typed): string => search.get(name)?.trim() ?? '';
  return { q: of('q'), reason: of('reason'), country: of('country'), min_score: of('min_score') };
};

/** A list without the filter would pass for one with it. */
function NotAsked({ unfit }: { readonly unfit: readonly FilterField[] }) {
  return (
    <Empty>No case is shown: {unfit.map(({ title, expected }) => `${title} takes ${expected}`).join('; ')}.</Empty>
  );
}

/** Where something is written that nobody else has seen yet. */
function Unsent() {
  const cases = useWrittenAbout().filter((subject) => subject.startsWith('case_'));
  if (cases.length === 0) return null;
  return (
    <p className="notice">
      You have written something, and not sent it, in{' '}
      {cases.map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Link href={`/cases/${id}`}>{id}</Link>
        </span>
      ))}
      .
    </p>
  );
}

interface ViewsProps {
  readonly current: View;
  readonly workload: Workload | undefined;
}

function Views({ current, workload }: ViewsProps) {
  return (
    <nav aria-label="Views" className="views">
      {views.map(({ id, title, count }) => (
        <Link key={id} href={`/queue?view=${id}`} aria-current={id === current.id ? 'page' : undefined}>
          {title}
          {count !== undefined && workload !== undefined && (
            <span className="count"> {workload.views[count].cases.toLocaleString('en')}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}

/** How the queue stands, in one line. */
function Summary({ workload }: { readonly workload: Workload | undefined }) {
  if (workload === undefined) return null;
  const { late, due_in_1h, median_decision_s: median } = workload;
  return (
    <p className="quiet">
      {late.toLocaleString('en')} late, {due_in_1h.toLocaleString('en')} due within an hour
      {median !== null && `, half are decided within ${spanOf(median)}`}
    </p>
  );
}

const spanOf = (seconds: number): string =>
  seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3600)} h`;
