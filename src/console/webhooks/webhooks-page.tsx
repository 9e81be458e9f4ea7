import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import type { NewWebhookEndpoint, WebhookEndpoint } from '../api/types.ts';
import { keepSecret } from '../drafts/drafts.ts';
import { SecretsOnce } from '../drafts/secrets-once.tsx';
import { AskTwice } from '../parts/ask-twice.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { Empty, notDone, Shown } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';
import { When } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { Deliveries } from './deliveries.tsx';
import { endpointNames } from './endpoint-names.ts';
import { NewEndpoint } from './new-endpoint.tsx';

type OnSecret = (made: NewWebhookEndpoint) => void;

/** Under this the secrets are kept that nobody has taken down yet. */
const secretsOf = 'webhook-endpoints';

export default function WebhooksPage() {
  const endpoints = useQuery({
    queryKey: ['webhook-endpoints'],
    queryFn: ({ signal }) => call('listWebhookEndpoints', { signal }),
    refetchInterval: 30_000,
  });
  const onSecret = ({ id, url, secret }: NewWebhookEndpoint): void => keepSecret(secretsOf, { id, of: url, secret });
  return (
    <>
      <h1>Webhooks</h1>
      <NewEndpoint onMade={onSecret} />
      <SecretsOnce subject={secretsOf} />
      <Shown what="the endpoints" query={endpoints}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty>Nobody is told anything: there is no endpoint yet.</Empty>
          ) : (
            <>
              <Endpoints endpoints={data} onSecret={onSecret} />
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
  const names = endpointNames(endpoints);
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
                {names.get(endpoint.id) === endpoint.id && <code>{endpoint.id}</code>}
              </td>
              <td>{endpoint.events.join(', ')}</td>
              <td>{stateWords(endpoint)}</td>
              <td>
                <When at={endpoint.created_at} now={now} />
              </td>
              <td>
                <Change endpoint={endpoint} name={names.get(endpoint.id) ?? endpoint.id} onSecret={onSecret} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ChangeProps {
  readonly endpoint: WebhookEndpoint;
  readonly name: string;
  readonly onSecret: OnSecret;
}

function Change({ endpoint, name, onSecret }: ChangeProps) {
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
  return (
    <div className="row">
      <button type="button" disabled={turn.isPending} onClick={() => turn.mutate(!endpoint.enabled)}>
        {endpoint.enabled ? 'Disable' : 'Enable'} {name}
      </button>
      {turn.isError && (
        <span role="alert" className="form-problem">
          {notDone('Not changed', turn.error)}
        </span>
      )}
      <AskTwice
        does={`Make a new secret for ${name}`}
        isPending={rotate.isPending}
        error={rotate.error}
        onSure={() => rotate.mutate()}
      />
      <AskTwice
        does={`Remove ${name}`}
        isPending={remove.isPending}
        error={remove.error}
        onSure={() => remove.mutate()}
      />
    </div>
  );
}
