import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { call } from '../api/client.ts';
import { useNextCase } from '../case/use-next-case.ts';
import { useKeys } from '../keyboard/keys.ts';
import { Empty, Shown, wordsOf } from '../parts/states.tsx';
import { QueueTable } from './queue-table.tsx';
import { type Filter, viewOf, views } from './views.ts';

const pageSize = 100;

export default function QueuePage() {
  const [search, setSearch] = useSearchParams();
  const view = viewOf(search.get('view'));
  const reason = search.get('reason') ?? '';
  const filter: Filter = { ...view.filter, limit: pageSize, ...(reason === '' ? {} : { reason }) };
  const cases = useInfiniteQuery({
    queryKey: ['cases', filter],
    initialPageParam: '',
    queryFn: ({ pageParam: cursor, signal }) =>
      call('listCases', { query: { ...filter, ...(cursor === '' ? {} : { cursor }) }, signal }),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const next = useNextCase();
  const filterField = useRef<HTMLInputElement>(null);
  useKeys([
    { keys: 'N', does: 'take the next case', run: () => next.mutate() },
    { keys: '/', does: 'filter', run: () => filterField.current?.focus() },
  ]);
  const setReason = (value: string): void =>
    setSearch((now) => {
      if (value === '') now.delete('reason');
      else now.set('reason', value);
      return now;
    });
  return (
    <>
      <div className="page-head">
        <h1>Queue</h1>
        <button type="button" className="primary" disabled={next.isPending} onClick={() => next.mutate()}>
          Next case (N)
        </button>
      </div>
      {search.get('done') !== null && (
        <p role="status">The queue is empty: every case is decided, claimed or put off.</p>
      )}
      {next.isError && <p role="alert">No next case: {wordsOf(next.error)}.</p>}
      <nav aria-label="Views" className="views">
        {views.map(({ id, title }) => (
          <Link key={id} href={`/queue?view=${id}`} aria-current={id === view.id ? 'page' : undefined}>
            {title}
          </Link>
        ))}
        <ReasonFilter value={reason} field={filterField} onChange={setReason} />
      </nav>
      <Shown what="the queue" query={cases}>
        {({ pages }) => {
          const rows = pages.flatMap(({ data }) => data);
          return rows.length === 0 ? (
            <Empty>{view.none}</Empty>
          ) : (
            <QueueTable
              key={view.id}
              rows={rows}
              isWhole={!cases.hasNextPage}
              onEnd={() => !cases.isFetchingNextPage && void cases.fetchNextPage()}
            />
          );
        }}
      </Shown>
    </>
  );
}

interface ReasonFilterProps {
  readonly value: string;
  readonly field: React.RefObject<HTMLInputElement | null>;
  readonly onChange: (value: string) => void;
}

/** Typed text reaches the address bar, and the service, when typing pauses. */
function ReasonFilter({ value, field, onChange }: ReasonFilterProps) {
  const [text, setText] = useState(value);
  const [location] = useLocation();
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text.trim()), 300);
    return () => clearTimeout(timer);
  });
  return (
    <label className="filter">
      Reason{' '}
      <input
        key={location}
        ref={field}
        type="search"
        placeholder="payment.reused"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && field.current?.blur()}
      />
    </label>
  );
}
