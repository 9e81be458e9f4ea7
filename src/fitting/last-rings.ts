import type { RingChanges } from '../rings/ring-changes.js';

/** Which ring each account was in last, under the name that the ring has in the end. */
export class LastRings {
  readonly #ringOfAccount = new Map<string, string>();
  readonly #into = new Map<string, string>();

  note({ members, merged }: Pick<RingChanges, 'members' | 'merged'>): void {
    // Whoever left a ring because its links ran out has been in it all the same.
    for (const { accountId, ringId } of members) if (ringId !== undefined) this.#ringOfAccount.set(accountId, ringId);
    for (const { from, into } of merged) this.#into.set(from, into);
  }

  /** Undefined where it was never in one. */
  of(accountId: string): string | undefined {
    let name = this.#ringOfAccount.get(accountId);
    for (let next = name; next !== undefined; next = this.#into.get(next)) name = next;
    return name;
  }
}
