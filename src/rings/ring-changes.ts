import type { Instant } from '../model/time.js';

/** An account that came into a ring, or left the one it was in. */
export interface MemberChange {
  readonly accountId: string;
  readonly ringId: string | undefined;
  readonly joinedAt: number;
}

/** A link's key that leads to another ring than before or for longer, or to none. `key` is `ringKeyOf(link, key)`. */
export interface KeyChange {
  readonly link: string;
  readonly key: string;
  readonly ringId: string | undefined;
  /** From then on it leads nowhere, unless it is used again; 0 where it leads to none. */
  readonly endsAt: Instant;
}

/** A key that became a hub, or is none any more. */
export interface HubChange {
  readonly link: string;
  readonly key: string;
  readonly hub: boolean;
  readonly accounts: number;
}

/** What an entry, or a rebuild, changed: everything that is kept elsewhere has to follow. */
export interface RingChanges {
  readonly created: readonly string[];
  /** The first is an alias of the second from now on. */
  readonly merged: readonly { readonly from: string; readonly into: string }[];
  /** Ids that lead to another ring than before: of those that went into others, and all that had led to them. */
  readonly aliases: readonly string[];
  /** Rings that have no members any more. */
  readonly ended: readonly string[];
  readonly members: readonly MemberChange[];
  readonly keys: readonly KeyChange[];
  readonly hubs: readonly HubChange[];
  /** Rings whose statistics changed, those created included. */
  readonly touched: ReadonlySet<string>;
}

/** Most entries change nothing; they share this answer. */
export const noChanges: RingChanges = {
  created: [],
  merged: [],
  aliases: [],
  ended: [],
  members: [],
  keys: [],
  hubs: [],
  touched: new Set(),
};

/** Collects changes while they happen. */
export class ChangeLog implements RingChanges {
  readonly created: string[] = [];
  readonly merged: { from: string; into: string }[] = [];
  readonly aliases: string[] = [];
  readonly ended: string[] = [];
  readonly members: MemberChange[] = [];
  readonly keys: KeyChange[] = [];
  readonly hubs: HubChange[] = [];
  readonly touched = new Set<string>();

  get isEmpty(): boolean {
    const { created, merged, aliases, ended, members, keys, hubs, touched } = this;
    const named = created.length + merged.length + aliases.length + ended.length;
    return named + members.length + keys.length + hubs.length + touched.size === 0;
  }
}
