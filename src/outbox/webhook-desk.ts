import type { IdPrefix, RandomBytes } from '../model/ids.js';
import { parseIpAddress } from '../model/ip-address.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import { isPublicAddress } from './public-address.js';
import type { EndpointChange, WebhookActor, WebhookEndpoint, WebhookEvent, Webhooks } from './webhooks.js';

interface WebhookDeskPorts {
  readonly webhooks: Webhooks;
  readonly newId: (prefix: IdPrefix) => string;
  readonly random: RandomBytes;
  /** For development: `http` and addresses of this machine. */
  readonly allowLoopback: boolean;
}

interface NewEndpoint extends WebhookActor {
  readonly url: string;
  readonly description: string;
  readonly events: readonly WebhookEvent[];
}

interface WithSecret {
  readonly endpoint: WebhookEndpoint;
  /** Shown once. */
  readonly secret: string;
}

const secretBytes = 32;
/** Receivers have that long to learn a new secret. */
const formerSecretMs = 86_400_000;
const mostEndpoints = 50;

/** Endpoints as an administrator works with them. */
export class WebhookDesk {
  constructor(private readonly ports: WebhookDeskPorts) {}

  async create({ url, description, events, actor, now }: NewEndpoint): Promise<Result<WithSecret, Problem>> {
    const { webhooks, newId, allowLoopback } = this.ports;
    const target = targetOf(url, allowLoopback);
    if (!target.ok) return target;
    if ((await webhooks.endpoints()).length >= mostEndpoints)
      return err(problem('conflict', { detail: `there are ${mostEndpoints} endpoints: remove one first` }));
    const endpoint: WebhookEndpoint = {
      id: newId('hook'),
      url: target.value,
      description,
      events: [...new Set(events)],
      disabledBecause: null,
      createdAt: now,
      createdBy: actor,
      formerSecretUntil: null,
    };
    const secret = this.newSecret();
    await webhooks.add(endpoint, secret);
    return ok({ endpoint, secret });
  }

  async change(id: string, change: EndpointChange, by: WebhookActor): Promise<Result<WebhookEndpoint, Problem>> {
    const target = change.url === undefined ? ok(undefined) : targetOf(change.url, this.ports.allowLoopback);
    if (!target.ok) return target;
    const events = change.events === undefined ? undefined : [...new Set(change.events)];
    const once = { ...change, ...(target.value && { url: target.value }), ...(events && { events }) };
    const changed = await this.ports.webhooks.change(id, once, by);
    return changed === undefined ? err(problem('not_found')) : ok(changed);
  }

  async rotate(id: string, by: WebhookActor): Promise<Result<WithSecret, Problem>> {
    const secret = this.newSecret();
    const endpoint = await this.ports.webhooks.rotate(id, { secret, formerUntil: by.now + formerSecretMs }, by);
    return endpoint === undefined ? err(problem('not_found')) : ok({ endpoint, secret });
  }

  /** Standard Webhooks: `whsec_` and base64. */
  private newSecret(): string {
    let binary = '';
    for (const byte of this.ports.random(secretBytes)) binary += String.fromCharCode(byte);
    return `whsec_${btoa(binary)}`;
  }
}

const wrongUrl = (detail: string) => err(problem('invalid', { errors: [{ pointer: '/url', detail }] }));

/** Names that are nobody's on the public internet (RFC 6761, 6762, 8375; `internal` is reserved by ICANN). */
const insideName = /(?:^|\.)(?:localhost|local|internal|localdomain|home\.arpa)$/i;

/**
 * The address as it is read, which is what is looked at and what is sent to: a parser leaves out blanks and line breaks.
 * This is what can be told from the text; where a name leads is looked at before each try.
 */
function targetOf(text: string, allowLoopback: boolean): Result<string, Problem> {
  if (!URL.canParse(text)) return wrongUrl('expected an https address');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return wrongUrl('an address holds no user and no password');
  // `localhost.` is the same name.
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '');
  const isHere = host === 'localhost' || host === '127.0.0.1' || host === '::1';
  if (isHere && allowLoopback && /^https?:$/.test(url.protocol)) return ok(url.href);
  if (url.protocol !== 'https:') return wrongUrl('expected an https address');
  const address = parseIpAddress(host);
  if (insideName.test(host) || (address !== undefined && !isPublicAddress(address)))
    return wrongUrl('expected an address on the public internet');
  return ok(url.href);
}
