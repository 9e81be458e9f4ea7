import type { IpAddress } from '../model/ip-address.js';
import type { NamedList } from '../model/list.js';
import type { Value } from '../model/value.js';
import { type CidrList, isCidrList } from './named-lists.js';

/** What was added to lists beside their files, as of this moment. */
export interface AddedToLists {
  of(list: string): NamedList | undefined;
}

/** A file's list that, once it is in service, has what was added to it as well. */
export interface LiveList extends NamedList {
  /** From now on `has` asks these too. */
  follow(added: AddedToLists): void;
}

export const isLiveList = (list: NamedList): list is LiveList => 'follow' in list;

/** Additions are asked for at each look: rules need not be compiled again when one comes or goes. */
export function liveList(file: NamedList): LiveList {
  const { name, kind, source, date } = file;
  let added: AddedToLists | undefined;
  const list = {
    name,
    kind,
    source,
    date,
    get size() {
      return file.size + (added?.of(name)?.size ?? 0);
    },
    has: (value: Value): boolean => file.has(value) || added?.of(name)?.has(value) === true,
    follow(given: AddedToLists): void {
      added = given;
    },
  };
  if (!isCidrList(file)) return list;
  const more = (): CidrList | undefined => {
    const found = added?.of(name);
    return found !== undefined && isCidrList(found) ? found : undefined;
  };
  const hasAddress = (address: IpAddress): boolean => file.hasAddress(address) || more()?.hasAddress(address) === true;
  // Not spread: `size` is asked for anew each time.
  return Object.assign(list, { hasAddress });
}
