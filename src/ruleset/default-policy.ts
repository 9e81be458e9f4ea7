import type { Policy } from '../model/policy.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What holds where policy.yml is silent. */
export const defaultPolicy: Policy = {
  level: 'enforce',
  thresholds: { limit: 30, hold: 60 },
  familyCaps: { network: 45, email: 30, device: 45 },
  holdNeedsFamilies: 2,
  limit: { requestsPerDay: 50 },
  probation: 'off',
  unavailable: { velocity: 'limit', ring: 'limit', ip_intel: 'ignore' },
  fail: { storeDown: 'reject', gateUnknown: 'deny', gateMaxStalenessMs: 10 * minute },
  rescoreMs: [hour, 6 * hour, day],
  retroHold: { maxAccountsPerHour: 2000, spare: ['verified', 'paid_30d'], youngerThanMs: 30 * day },
  sla: { reasonMs: {} },
  cost: { plan: {} },
  verification: { attempts: 5, expireAfterMs: 3 * day, accountsPerIdentifier: 4 },
  fourEyes: { ringRelease: 50 },
  budget: { heldShare: 0.005, overMs: day },
};
