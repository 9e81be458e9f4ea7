import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client.ts';
import type { NewWebhookEndpoint, WebhookEndpoint } from '../api/types.ts';
import { AskTwice } from '../parts/ask-twice.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { SecretOnce } from '../parts/secret-once.tsx';
import { Empty, notDone, Shown } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { Deliveries } from './deliveries.tsx';
import { NewEndpoint } from './new-endpoint.tsx';

type OnSecret = (made: NewWebhookEndpoint) => void;

export default function WebhooksPage() {
  const endpoints = useQuery({
    queryKey: ['webhook-endpoints'],
    queryFn: ({ signal }) => call('listWebhookEndpoints', { signal }),
    refetchInterval: 30_000,
  });
  const [made, setMade] = useState<NewWebhookEndpoint>();
  return (
    <>
      <h1>Webhooks</h1>
      <NewEndpoint onMade={setMade} />
      {made !== undefined && <SecretOnce of={made.url} secret={made.secret} onKept={() => setMade(undefined)} />}
      <Shown what="the endpoints" query={endpoints}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty>Nobody is told anything: there is no endpoint yet.</Empty>
          ) : (
            <>
              <Endpoints endpoints={data} onSecret={setMade} />
              <Deliveries endpoints={data} />
            </>
          )
        }
      </Shown>
    </>
  );
}

const stateWords = ({ disabled_because: why }: WebhookEndpoint): string =>
  why === null ? 'enabled' : disabledWords[why];

const disabledWords = {
  by_hand: 'disabled by hand',
  gone: 'disabled: it answered that it is gone',
  unreachable: 'disabled: nothing arrived for a day',
} as const;

interface EndpointsProps {
  readonly endpoints: readonly WebhookEndpoint[];
  readonly onSecret: OnSecret;
}

function Endpoints({ endpoints, onSecret }: EndpointsProps) {
  const now = useNow();
  return (
    <div className="scroll">
      <table>
        <TableHead columns={['Address', 'Told when', 'State', 'Made', 'Change']} />
        <tbody>
          {endpoints.map((endpoint) => (
            <tr key={endpoint.id}>
              <td>
                <SafeText text={endpoint.url} limit={80} />
                <span className="detail">
                  <SafeText text={endpoint.description} />
                </span>
              </td>
              <td>{endpoint.events.join(', ')}</td>
              <td>{stateWords(endpoint)}</td>
              <td>
                <When at={endpoint.created_at} now={now} />
              </td>
              <td>
                <Change endpoint={endpoint} onSecret={onSecret} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Change({ endpoint, onSecret }: { readonly endpoint: WebhookEndpoint; readonly onSecret: OnSecret }) {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: ['webhook-endpoints'] });
  const params = { id: endpoint.id };
  const turn = useMutation({
    mutationFn: (enabled: boolean) => call('changeWebhookEndpoint', { params, body: { enabled } }),
    onSuccess,
  });
  const rotate = useMutation({
    mutationFn: () => call('rotateWebhookSecret', { params }),
    onSuccess: (made) => {
      onSecret(made);
      return onSuccess();
    },
  });
  const remove = useMutation({ mutationFn: () => call('removeWebhookEndpoint', { params }), onSuccess });
  const { host } = new URL(endpoint.url);
  return (
    <div className="row">
      <button type="button" disabled={turn.isPending} onClick={() => turn.mutate(!endpoint.enabled)}>
        {endpoint.enabled ? 'Disable' : 'Enable'} {host}
      </button>
      {turn.isError && (
        <span role="alert" className="form-problem">
          {notDone('Not changed', turn.error)}
        </span>
      )}
      <AskTwice
        does={`Make a new secret for ${host}`}
        isPending={rotate.isPending}
        error={rotate.error}
        onSure={() => rotate.mutate()}
      />
      <AskTwice
        does={`Remove ${host}`}
        isPending={remove.isPending}
        error={remove.error}
        onSure={() => remove.mutate()}
      />
    </div>
  );
}
