import type { AccountMemory, Cleared, Memento, Recall, Remembered } from '../../evaluate/account-memory.js';
import { StoreUnavailable } from '../../model/store-unavailable.js';
import type { Sealer } from '../crypto/sealer.js';
import { textDigest } from '../crypto/text-digest.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

interface AccountMemoryOptions {
  /** After the account's last event; 30 days by default. */
  readonly lifetimeMs?: number;
  /**
   * What people decided is written by callers that try again, such as the relay. In the story a write that is lost costs a
   * question to the truth: it is asked before anybody is limited or held.
   */
  readonly rejects?: boolean;
}

const keyOf = (accountId: string): string => `am:{${textDigest('sha1', accountId).slice(0, 22)}}`;

/** The order is the order of the bits in a field's name: add at the end only. */
const parts = ['organization', 'plan', 'path', 'declared_country', 'email', 'phone', 'device', 'payment'] as const;
type Parts = Memento['parts'];

/**
 * All parts of an event are sealed together, under the name of which they are: `p` and a bit for each. Sealing costs more
 * than anything else of remembering, and an account's events carry few different sets of parts.
 */
function fieldOfParts(said: Parts): string {
  let bits = 0;
  for (const [bit, name] of parts.entries()) if (said[name] !== undefined) bits |= 1 << bit;
  return `p${bits}`;
}
const times = ['firstPaymentAt', 'firstKeyAt', 'firstUseAt', 'firstSeenAt'] as const;

function fieldsOf(memento: Memento, sealer: Sealer): (string | number)[] {
  const fields: (string | number)[] = ['firstSeenAt', 'min', memento.at];
  const name = fieldOfParts(memento.parts);
  if (name !== 'p0') fields.push(name, 'later', sealer.seal(JSON.stringify(memento.parts)));
  if (memento.firstPaymentAt !== undefined) fields.push('firstPaymentAt', 'min', memento.firstPaymentAt);
  if (memento.firstKeyAt !== undefined) fields.push('firstKeyAt', 'min', memento.firstKeyAt);
  if (memento.firstUseAt !== undefined) fields.push('firstUseAt', 'min', memento.firstUseAt);
  if (memento.signup !== undefined) fields.push('signup', 'first', sealer.seal(JSON.stringify(memento.signup)));
  return fields;
}

/** What HGETALL gives, as a map, whichever of its two forms the client hands on. */
function pairsOf(reply: unknown): Map<string, string> {
  if (Array.isArray(reply)) {
    const pairs = new Map<string, string>();
    for (let i = 0; i + 1 < reply.length; i += 2) pairs.set(String(reply[i]), String(reply[i + 1]));
    return pairs;
  }
  if (typeof reply !== 'object' || reply === null) return new Map();
  return new Map(Object.entries(reply).map(([name, value]) => [name, String(value)]));
}

/** `time sealed`, `time#place sealed`; a part that this key cannot open is as good as forgotten. */
function opened(text: string | undefined, sealer: Sealer) {
  const json = text === undefined ? undefined : sealer.open(text.slice(text.indexOf(' ') + 1));
  return json === undefined ? undefined : JSON.parse(json);
}

/** Among parts of one time, in the order in which they came; the first has none. */
const placeOf = (text: string): number => Number(/^-?\d+#(\d+)/.exec(text)?.[1] ?? 0);

/** The latest of each part: what was said later is laid over what was said earlier. */
function partsOf(fields: ReadonlyMap<string, string>, sealer: Sealer): Parts {
  const said = [...fields].filter(([name]) => /^p\d+$/.test(name));
  said.sort(([, a], [, b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || placeOf(a) - placeOf(b));
  return Object.assign({}, ...said.map(([, text]) => opened(text, sealer)));
}

function rememberedOf(fields: ReadonlyMap<string, string>, sealer: Sealer): Remembered {
  const signup = opened(fields.get('signup'), sealer);
  const remembered: Record<string, number> = {};
  for (const name of times) {
    const time = fields.get(name);
    if (time !== undefined) remembered[name] = Number(time);
  }
  const cleared = fields.get('clearedRules');
  const evidence = fields.get('evidence');
  return {
    parts: partsOf(fields, sealer),
    ...remembered,
    ...(signup === undefined ? {} : { signup }),
    ...(cleared === undefined ? {} : { clearedRules: JSON.parse(cleared), verified: fields.get('verified') === '1' }),
    ...(evidence === undefined ? {} : { evidence: JSON.parse(evidence) }),
  };
}

/** One hash for each account; everything that came from an event is sealed. */
export class RedisAccountMemory implements AccountMemory {
  private readonly rememberAccount = loadScript('remember-account');
  /** One step: a command that ran out of its time is done all the same, and what would have followed it is not sent. */
  private readonly clearAccount = loadScript('clear-account');
  private readonly lifetimeMs: number;

  constructor(
    private readonly redis: RedisConnection,
    private readonly sealer: Sealer,
    private readonly options: AccountMemoryOptions = {},
  ) {
    this.lifetimeMs = options.lifetimeMs ?? 30 * 86_400_000;
  }

  async recall(accountId: string): Promise<Recall> {
    try {
      const fields = pairsOf(await this.redis.call('HGETALL', keyOf(accountId)));
      // Only what people decided is no memory of the events: they have to be read again.
      if (!fields.has('firstSeenAt')) return { kind: 'nothing' };
      return { kind: 'remembered', remembered: rememberedOf(fields, this.sealer) };
    } catch {
      return { kind: 'unavailable', reason: 'account_memory_unavailable' };
    }
  }

  remember(accountId: string, memento: Memento): Promise<boolean> {
    const parameters = [memento.at, this.lifetimeMs, ...fieldsOf(memento, this.sealer)];
    return this.redis.run(this.rememberAccount, [keyOf(accountId)], parameters).then(
      () => true,
      () => false,
    );
  }

  async clear(accountId: string, { clearedRules, verified, evidence }: Cleared): Promise<void> {
    const settled = { clearedRules: JSON.stringify(clearedRules), verified: verified ? 1 : 0 };
    const fields = Object.entries({ ...settled, evidence: JSON.stringify(evidence) }).flat();
    try {
      await this.redis.run(this.clearAccount, [keyOf(accountId)], [this.lifetimeMs, ...fields]);
    } catch (error) {
      if (this.options.rejects === true)
        throw new StoreUnavailable('the account memory was not written', { cause: error });
    }
  }

  /** Erasing is never silent about a failure. */
  async forget(accountId: string): Promise<void> {
    try {
      await this.redis.call('DEL', keyOf(accountId));
    } catch (error) {
      throw new StoreUnavailable('the account could not be forgotten', { cause: error });
    }
  }
}
