import type { WebhookEndpoint } from '../api/types.ts';
import { spelledOut } from '../parts/safe-text.tsx';

const nameMost = 50;

/** The first that no other endpoint has: its host, its address, its id. */
const candidates: readonly ((endpoint: WebhookEndpoint) => string)[] = [
  ({ url }) => spelledOut(new URL(url).host, nameMost),
  ({ url }) => spelledOut(url.replace(/^https?:\/\//, ''), nameMost),
];

/** By id: what each endpoint is called where there is little room, so that no two are called the same. */
export function endpointNames(endpoints: readonly WebhookEndpoint[]): ReadonlyMap<string, string> {
  const isOwn = (name: (endpoint: WebhookEndpoint) => string, endpoint: WebhookEndpoint): boolean =>
    endpoints.every((other) => other.id === endpoint.id || name(other) !== name(endpoint));
  return new Map(
    endpoints.map((endpoint) => {
      const name = candidates.find((one) => isOwn(one, endpoint));
      return [endpoint.id, name?.(endpoint) ?? endpoint.id];
    }),
  );
}
