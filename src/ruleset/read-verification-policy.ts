import type { Policy } from '../model/policy.js';
import { defaultPolicy } from './default-policy.js';
import type { FieldReader } from './yaml/read-fields.js';
import type { YamlNode } from './yaml/yaml-node.js';

export function readVerificationPolicy(node: YamlNode, fields: FieldReader): Policy['verification'] {
  const known = ['attempts', 'expire_after', 'accounts_per_identifier'] as const;
  const values = fields.map(node, { what: 'verification', known });
  const [attempts, expiry, accounts] = known.map((key) => values?.get(key));
  const { verification } = defaultPolicy;
  return {
    attempts:
      (attempts === undefined ? undefined : fields.wholeNumber(attempts, 'attempts', [1, 100])) ??
      verification.attempts,
    expireAfterMs: (expiry === undefined ? undefined : fields.duration(expiry, 'a time')) ?? verification.expireAfterMs,
    accountsPerIdentifier:
      (accounts === undefined ? undefined : fields.wholeNumber(accounts, 'accounts_per_identifier', [1, 10_000])) ??
      verification.accountsPerIdentifier,
  };
}
