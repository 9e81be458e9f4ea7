import { type AppealPorts, openLeftAppeals } from '../cases/appeal.js';
import type { Clock, Instant } from '../model/time.js';
import { type ExpiryPorts, expireVerifications } from '../verification/expire-verifications.js';
import { type Loop, startLoop } from './loop.js';

interface VerificationUpkeepPorts extends AppealPorts, ExpiryPorts {
  readonly records: AppealPorts['records'];
  /** Accounts with a verification that was asked for before this time and was not answered. */
  readonly silentSince: (before: Instant, limit: number) => Promise<readonly string[]>;
  readonly expireAfterMs: () => number;
  readonly clock: Clock;
  readonly onChanged: () => void;
  readonly onError: (error: unknown) => void;
}

const pageSize = 200;

/** One round: silent accounts go back to people, appeals that were left halfway get their case. True: there may be more. */
export async function keepVerifications(ports: VerificationUpkeepPorts): Promise<boolean> {
  const now = ports.clock.now();
  const before = now - ports.expireAfterMs();
  const silent = await ports.silentSince(before, pageSize);
  for (const accountId of silent) await expireVerifications(ports, { accountId, before, now });
  const left = await openLeftAppeals(ports, now);
  if (silent.length + left > 0) ports.onChanged();
  return silent.length === pageSize;
}

export const startVerificationUpkeep = (ports: VerificationUpkeepPorts): Loop =>
  startLoop({ everyMs: 60_000, work: () => keepVerifications(ports), onError: ports.onError });
