import type { ServiceKey, ServiceKeys, ServiceRole } from '../../src/model/service-key.js';
import { StoreUnavailable } from '../../src/model/store-unavailable.js';

/** Keys in a map; `down` makes the store fail. */
export class MemoryServiceKeys implements ServiceKeys {
  readonly secrets = new Map<string, ServiceKey>();
  mode: 'up' | 'down' = 'up';
  finds = 0;
  private readonly listeners: ((keyId: string) => void)[] = [];

  async create(role: ServiceRole, name: string, _actor: string) {
    const key = { id: `key_${this.secrets.size + 1}`, role, name, createdAt: 1_700_000_000_000, revokedAt: null };
    const secret = `pk_${role}_${String(this.secrets.size + 1).padStart(8, '0')}`;
    this.secrets.set(secret, key);
    return { key, secret };
  }

  async list() {
    return [...this.secrets.values()];
  }

  async revoke(id: string, _actor: string) {
    const found = [...this.secrets].find(([, key]) => key.id === id && key.revokedAt === null);
    if (found === undefined) return false;
    this.secrets.set(found[0], { ...found[1], revokedAt: 1 });
    for (const listener of this.listeners) listener(id);
    return true;
  }

  async find(secret: string) {
    this.finds++;
    if (this.mode === 'down') throw new StoreUnavailable('connection refused');
    const key = this.secrets.get(secret);
    return key === undefined || key.revokedAt !== null ? undefined : key;
  }

  onRevoked(listener: (keyId: string) => void) {
    this.listeners.push(listener);
  }
}
