import type { Random } from '../random.js';
import type { PlannedAccount } from './account.js';

/** Spellings that a provider may deliver to one mailbox count as one. */
const sameMailbox = (address: string): string => {
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  return `${local.replace(/\./g, '')}@${domain}`;
};

/** 52 bits of a text: a million of them fit where a million texts would not. */
function bitsOf(text: string): number {
  let [high, low] = [0x811c9dc5, 0x1b873593];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b) + high;
  }
  return ((high >>> 6) & 0x3ffffff) * 0x4000000 + ((low >>> 6) & 0x3ffffff);
}

/** Mailboxes of this world: no two accounts have the same one, because who comes later is told that it is taken. */
export class TakenMailboxes {
  readonly #taken = new Set<number>();

  /** The account with its mailbox, or with digits added until it is free. */
  give(planned: PlannedAccount, random: Random): PlannedAccount {
    if (planned.email === undefined) return planned;
    const [local = '', domain = ''] = planned.email.address.split('@');
    let address = planned.email.address;
    while (this.#taken.has(bitsOf(sameMailbox(address)))) address = `${local}${random.whole(1, 9999)}@${domain}`;
    this.#taken.add(bitsOf(sameMailbox(address)));
    return address === planned.email.address ? planned : { ...planned, email: { ...planned.email, address } };
  }
}
