import { z } from 'zod';
import type { Instant } from './time.js';
import { visibleLine } from './visible-text.js';

export const serviceRoles = [
  'integration',
  'gateway',
  'worker',
  'reviewer',
  'senior',
  'author',
  'privacy',
  'admin',
] as const;
export type ServiceRole = (typeof serviceRoles)[number];

/** What people tell keys apart by, in lists and in the audit trail. */
export const serviceKeyName = z
  .string()
  .max(128)
  .regex(visibleLine, 'expected a name on one line, not only blanks and invisible characters');

/** A key that a caller of this service carries; not to be mistaken for the API keys that accounts create. */
export interface ServiceKey {
  readonly id: string;
  readonly role: ServiceRole;
  readonly name: string;
  readonly createdAt: Instant;
  readonly revokedAt: Instant | null;
}

/** Port: only hashes are kept; the secret exists in the answer of `create`, once. Who made and revoked a key is audited with it. */
export interface ServiceKeys {
  /** `actor`: who asks for it, the id of a key. */
  create(
    role: ServiceRole,
    name: string,
    actor: string,
  ): Promise<{ readonly key: ServiceKey; readonly secret: string }>;
  /** Oldest first, revoked ones included. */
  list(): Promise<readonly ServiceKey[]>;
  /** False when there is no such key alive. */
  revoke(id: string, actor: string): Promise<boolean>;
  /**
   * `undefined` = unknown or revoked. Asked on every request: answers from memory, notices a revocation within 5 s, and
   * goes on with the keys it knows while the database is away.
   */
  find(secret: string): Promise<ServiceKey | undefined>;
  /** Tells of a key that it is alive no more as soon as `find` knows: at once when it is revoked here. */
  onRevoked(listener: (keyId: string) => void): void;
}
