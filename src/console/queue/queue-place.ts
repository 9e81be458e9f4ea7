import type { ListedCase } from '../api/types.ts';

export interface Cursor {
  /** Of the row it was last on. */
  readonly index: number;
  readonly id: string | undefined;
}

export type Selected = ReadonlyMap<string, ListedCase>;

/** What somebody had at hand in a list. */
export interface Place {
  readonly cursor: Cursor;
  readonly selected: Selected;
}

interface Left {
  /** View and filters, as the address has them. */
  readonly search: string;
  /** Which list the place is in: that of another filter begins anew. */
  readonly list: string;
  readonly place: Place | undefined;
}

const nowhere: Left = { search: '', list: '', place: undefined };

/** Where in the queue somebody was: who comes back from a case goes on there. Of the open page alone, gone with the tab. */
let left = nowhere;
/** Whose it is. */
let owner = '';

const leftBy = (keyId: string): Left => (owner === keyId ? left : nowhere);

function keep(keyId: string, part: Partial<Left>): void {
  left = { ...leftBy(keyId), ...part };
  owner = keyId;
}

export const placeIn = (keyId: string, list: string): Place | undefined =>
  leftBy(keyId).list === list ? leftBy(keyId).place : undefined;

export const keepPlace = (keyId: string, list: string, place: Place): void => keep(keyId, { list, place });

/** That nothing was left to take is not said again to who comes back. */
export function keepSearch(keyId: string, search: URLSearchParams): void {
  const kept = new URLSearchParams(search);
  kept.delete('done');
  keep(keyId, { search: kept.toString() });
}

export const queueHref = (keyId: string): string => {
  const { search } = leftBy(keyId);
  return search === '' ? '/queue' : `/queue?${search}`;
};

/** It is decided: nobody has to take it out of what they have selected. */
export function deselect(keyId: string, caseId: string): void {
  const { place } = leftBy(keyId);
  if (place === undefined) return;
  const selected = new Map(place.selected);
  selected.delete(caseId);
  keep(keyId, { place: { ...place, selected } });
}

export const forgetQueue = (): void => {
  left = nowhere;
};
