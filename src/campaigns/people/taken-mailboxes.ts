import type { Random } from '../random.js';
import type { PlannedAccount } from './account.js';

/** Spellings that a provider may deliver to one mailbox count as one. */
const sameMailbox = (address: string): string => {
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  return `${local.replace(/\./g, '')}@${domain}`;
};

/** Mailboxes of this world: no two accounts have the same one, because who comes later is told that it is taken. */
export class TakenMailboxes {
  readonly #taken = new Set<string>();

  /** The account with its mailbox, or with digits added until it is free. */
  give(planned: PlannedAccount, random: Random): PlannedAccount {
    if (planned.email === undefined) return planned;
    const [local = '', domain = ''] = planned.email.address.split('@');
    let address = planned.email.address;
    while (this.#taken.has(sameMailbox(address))) address = `${local}${random.whole(1, 9999)}@${domain}`;
    this.#taken.add(sameMailbox(address));
    return address === planned.email.address ? planned : { ...planned, email: { ...planned.email, address } };
  }
}
