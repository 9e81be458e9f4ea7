import { useSyncExternalStore } from 'react';
import { call } from '../api/client.ts';
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

export const dropAllClaims = (): void => change({});

/** A claim of somebody who sat here before is none of whoever does now. */
export const claimsAreOf = (keyId: string): void =>
  change(Object.fromEntries(Object.entries(claims).filter(([, claim]) => claim.case.claimed_by === keyId)));

/** Nobody waits longer than this for cases to be given back: a claim ends by itself. */
const giveBackMs = 1_000;

/** All that this tab has, for colleagues to take; what cannot be given back ends with its lease. Never rejects. */
export async function giveBackClaims(): Promise<void> {
  const signal = AbortSignal.timeout(giveBackMs);
  await Promise.allSettled(
    Object.entries(claims).map(([id, { claim_token }]) =>
      call('unclaimCase', { params: { id }, body: { claim_token }, signal }),
    ),
  );
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useHeldClaim = (caseId: string): Claim | undefined =>
  useSyncExternalStore(subscribe, () => claims[caseId]);
