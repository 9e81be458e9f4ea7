import { useSyncExternalStore } from 'react';
import type { Claim } from '../api/types.ts';

/** The tokens of cases that this tab has claimed; kept over a reload, gone with the tab. */
const kept = 'portcullis.claims';

type Held = Readonly<Record<string, Claim>>;

let claims: Held = JSON.parse(sessionStorage.getItem(kept) ?? '{}');
const listeners = new Set<() => void>();

function change(next: Held): void {
  claims = next;
  sessionStorage.setItem(kept, JSON.stringify(next));
  for (const listener of listeners) listener();
}

export const keepClaim = (claim: Claim): void => change({ ...claims, [claim.case.id]: claim });

export function dropClaim(caseId: string): void {
  const { [caseId]: _gone, ...rest } = claims;
  change(rest);
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useHeldClaim = (caseId: string): Claim | undefined =>
  useSyncExternalStore(subscribe, () => claims[caseId]);
