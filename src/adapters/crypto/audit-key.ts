import type { AuditKey } from '../../audit/audit-chain.js';
import { createTextHmac } from './identifier-hash.js';
import { deriveKey } from './sealer.js';

/** From the pepper, which whoever can write to the database does not have. */
export function createAuditKey(pepper: string): AuditKey {
  const hmacFor = (use: string) => createTextHmac(deriveKey(pepper, use));
  const [digest, erased, link] = [hmacFor('audit-digest'), hmacFor('audit-erased'), hmacFor('audit-link')];
  return {
    digest,
    erased: ({ seq, text }) => erased(`${seq}\n${text}`),
    link: (before, { count, seq, digest: sealed }) => link(`${before}\n${count}\n${seq}\n${sealed}`),
  };
}
