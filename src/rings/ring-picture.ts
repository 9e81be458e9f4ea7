import type { KeyUse } from './ring-records.js';

/** A kind of link, and how much it holds together. */
export interface LinkReason {
  readonly link: string;
  /** Keys that more than one of the accounts has. */
  readonly keys: number;
  /** Accounts that have one of those. */
  readonly accounts: number;
}

interface SharedKey {
  readonly link: string;
  readonly digest: string;
  readonly accountIds: readonly string[];
}

/** Keys that more than one account has, the most shared first. */
export function sharedKeys(uses: readonly KeyUse[]): SharedKey[] {
  const keys = new Map<string, { link: string; digest: string; accounts: Set<string> }>();
  for (const { accountId, link, digest } of uses) {
    const key = keys.get(digest) ?? { link, digest, accounts: new Set() };
    key.accounts.add(accountId);
    keys.set(digest, key);
  }
  return [...keys.values()]
    .filter(({ accounts }) => accounts.size > 1)
    .sort((a, b) => b.accounts.size - a.accounts.size || (a.digest < b.digest ? -1 : 1))
    .map(({ link, digest, accounts }) => ({ link, digest, accountIds: [...accounts] }));
}

/** Why the accounts are together, the link that holds most of them first. */
export function linkReasons(shared: readonly SharedKey[]): LinkReason[] {
  const links = new Map<string, { keys: number; accounts: Set<string> }>();
  for (const { link, accountIds } of shared) {
    const reason = links.get(link) ?? { keys: 0, accounts: new Set() };
    reason.keys += 1;
    for (const account of accountIds) reason.accounts.add(account);
    links.set(link, reason);
  }
  return [...links]
    .map(([link, { keys, accounts }]) => ({ link, keys, accounts: accounts.size }))
    .sort((a, b) => b.accounts - a.accounts || (a.link < b.link ? -1 : 1));
}
