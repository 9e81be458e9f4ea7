import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ServiceKeys, ServiceRole } from '../model/service-key.js';
import type { Clock, Instant } from '../model/time.js';

/** Who is calling. */
export interface Caller {
  readonly keyId: string;
  readonly role: ServiceRole;
}

/** A key found this long ago is used without asking; a revocation reaches every instance within 5 s. */
const freshMs = 3_000;
/** A key the store cannot be asked about stays good this long, so that the gate outlives a database that is down. */
const staleMs = 600_000;
/** How long a known key waits for a store that does not answer. */
const patienceMs = 150;
const maxRemembered = 10_000;

interface Remembered {
  readonly caller: Caller;
  readonly foundAt: Instant;
  refresh?: Refresh | undefined;
}

interface Refresh {
  readonly done: Promise<void>;
  /** Somebody has waited for it in vain. */
  stalled: boolean;
}

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const keyForm = /^pk_[A-Za-z0-9_.-]{8,200}$/;

/** `Authorization: Bearer …`; or `X-Portcullis-Key`, for proxies that pass the visitor's own Authorization through. */
export function secretOf(headers: IncomingHttpHeaders): string | undefined {
  const own = headers['x-portcullis-key'];
  if (typeof own === 'string' && own !== '') return own;
  const found = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '');
  return found?.[1];
}

export class Authenticator {
  readonly #keys: ServiceKeys;
  readonly #clock: Clock;
  readonly #bootstrap: Buffer | undefined;
  readonly #remembered = new Map<string, Remembered>();

  constructor(keys: ServiceKeys, clock: Clock, bootstrapKey: string | undefined) {
    this.#keys = keys;
    this.#clock = clock;
    this.#bootstrap = bootstrapKey === undefined || bootstrapKey === '' ? undefined : digest(bootstrapKey);
  }

  /** Undefined when the secret is no key. Rejects when the store cannot say and the key is not remembered. */
  async find(secret: string): Promise<Caller | undefined> {
    const hash = digest(secret);
    if (this.#bootstrap !== undefined && timingSafeEqual(hash, this.#bootstrap)) {
      return { keyId: 'bootstrap', role: 'admin' };
    }
    if (!keyForm.test(secret)) return undefined;
    const name = hash.toString('base64');
    const known = this.#remembered.get(name);
    if (known === undefined) return this.#ask(name, secret);
    return this.#clock.now() - known.foundAt < freshMs ? known.caller : this.#renew(name, secret, known);
  }

  /** A key was revoked here: nothing remembered may outlive that. */
  forgetAll(): void {
    this.#remembered.clear();
  }

  async #ask(name: string, secret: string): Promise<Caller | undefined> {
    const foundAt = this.#clock.now();
    const key = await this.#keys.find(secret);
    if (key === undefined) {
      this.#remembered.delete(name);
      return undefined;
    }
    if (this.#remembered.size >= maxRemembered) this.#remembered.clear();
    const caller = { keyId: key.id, role: key.role };
    this.#remembered.set(name, { caller, foundAt });
    return caller;
  }

  /** Waits a moment for the store; one that is stalled or down leaves the key as it was last seen. */
  async #renew(name: string, secret: string, known: Remembered): Promise<Caller | undefined> {
    if (this.#clock.now() - known.foundAt > staleMs) return this.#ask(name, secret);
    known.refresh ??= this.#refresh(name, secret, known);
    // While the store is stalled, the first to ask waits and the others do not.
    if (!known.refresh.stalled) await withinPatience(known.refresh);
    return this.#remembered.get(name)?.caller;
  }

  #refresh(name: string, secret: string, known: Remembered): Refresh {
    const forget = (): void => {
      known.refresh = undefined;
    };
    return { done: this.#ask(name, secret).then(forget, forget), stalled: false };
  }
}

async function withinPatience(refresh: Refresh): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      refresh.stalled = true;
      resolve();
    }, patienceMs);
  });
  await Promise.race([refresh.done, patience]);
  clearTimeout(timer);
}
