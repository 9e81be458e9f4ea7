import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { Badge } from '../parts/badge.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';

export default function QueuePage() {
  const now = useNow();
  const cases = useInfiniteQuery({
    queryKey: ['cases', 'open'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call('listCases', {
        query: { state: 'open', limit: 100, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
        signal,
      }),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <>
      <h1>Queue</h1>
      <Shown what="the queue" query={cases}>
        {({ pages }) => {
          const rows = pages.flatMap(({ data }) => data);
          if (rows.length === 0) return <Empty>No case is waiting.</Empty>;
          return (
            <table>
              <thead>
                <tr>
                  <th scope="col">Due</th>
                  <th scope="col">Priority</th>
                  <th scope="col">Score</th>
                  <th scope="col">Reason</th>
                  <th scope="col">Account</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((one) => (
                  <tr key={one.id}>
                    <td>
                      <When at={one.due_at} now={now} />
                    </td>
                    <td>{one.priority}</td>
                    <td>{one.score}</td>
                    <td>{one.reason}</td>
                    <td>
                      <SafeText text={one.account_id} limit={40} />
                    </td>
                    <td>
                      <Badge state={one.state} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          );
        }}
      </Shown>
    </>
  );
}
