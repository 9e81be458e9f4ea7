import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { call } from '../api/client.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../api/types.ts';
import { More } from '../parts/more.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { Empty, notDone, Shown } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { Deadline, When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { endpointNames } from './endpoint-names.ts';

const states = ['pending', 'delivered', 'failed'] as const satisfies readonly WebhookDelivery['state'][];

/** Messages and what became of them; which ones are shown lives in the address. */
export function Deliveries({ endpoints }: { readonly endpoints: readonly WebhookEndpoint[] }) {
  const [search, setSearch] = useSearchParams();
  const names = endpointNames(endpoints);
  const endpoint = endpoints.find(({ id }) => id === search.get('endpoint'))?.id;
  const state = states.find((one) => one === search.get('state'));
  const filter = { ...(endpoint === undefined ? {} : { endpoint }), ...(state === undefined ? {} : { state }) };
  const deliveries = useInfiniteQuery({
    queryKey: ['webhook-deliveries', filter],
    initialPageParam: '',
    queryFn: ({ pageParam: cursor, signal }) =>
      call('listWebhookDeliveries', { query: { ...filter, limit: 50, cursor }, signal }),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: 10_000,
  });
  const set = (name: string, value: string): void =>
    setSearch((now) => {
      if (value === '') now.delete(name);
      else now.set(name, value);
      return now;
    });
  return (
    <section aria-labelledby="deliveries">
      <h2 id="deliveries">Messages</h2>
      <p className="row">
        <label>
          To{' '}
          <select value={endpoint ?? ''} onChange={({ target }) => set('endpoint', target.value)}>
            <option value="">all endpoints</option>
            {endpoints.map(({ id }) => (
              <option key={id} value={id}>
                {names.get(id)}
              </option>
            ))}
          </select>
        </label>
        <label>
          State{' '}
          <select value={state ?? ''} onChange={({ target }) => set('state', target.value)}>
            <option value="">all</option>
            {states.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      </p>
      <Shown what="the messages" query={deliveries}>
        {({ pages }) => {
          const rows = pages.flatMap(({ data }) => data);
          return rows.length === 0 ? <Empty>No message matches.</Empty> : <Table rows={rows} names={names} />;
        }}
      </Shown>
      <More query={deliveries} />
    </section>
  );
}

interface TableProps {
  readonly rows: readonly WebhookDelivery[];
  /** Of endpoints, by their ids. */
  readonly names: ReadonlyMap<string, string>;
}

function Table({ rows, names }: TableProps) {
  const now = useNow();
  return (
    <div className="scroll">
      <table>
        <TableHead columns={['Message', 'To', 'About', 'Made', 'State', 'Tries', 'Last answer', 'Again']} />
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <code>{row.message_id}</code>
              </td>
              <td>{names.get(row.endpoint) ?? <code>{row.endpoint}</code>}</td>
              <td>{row.event}</td>
              <td>
                <When at={row.created_at} now={now} />
              </td>
              <td>
                {row.state}
                {row.next_attempt_at !== null && (
                  <span className="detail">
                    next try <Deadline at={row.next_attempt_at} now={now} />
                  </span>
                )}
              </td>
              <td>{row.attempts}</td>
              <td>{row.last_status ?? <SafeText text={row.last_error ?? 'none yet'} />}</td>
              <td>
                <Retry id={row.id} what={`${row.message_id} to ${names.get(row.endpoint) ?? row.endpoint}`} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Named in full for those who hear a list of buttons: there are many of its kind on a page. */
function Retry({ id, what }: { readonly id: string; readonly what: string }) {
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => call('retryWebhookDelivery', { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['webhook-deliveries'] }),
  });
  return (
    <>
      <button type="button" disabled={retry.isPending} onClick={() => retry.mutate()}>
        Send again <span className="unseen">{what}</span>
      </button>
      {retry.isError && (
        <span role="alert" className="form-problem">
          {notDone('Not sent', retry.error)}
        </span>
      )}
    </>
  );
}
