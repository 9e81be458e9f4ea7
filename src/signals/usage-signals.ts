import type { Pace } from './catalogue.js';
import { prefixOf } from './ip-signals.js';
import type { SignalContext } from './signal-context.js';
import type { SignalRecords } from './signal-record.js';

const hourMs = 3_600_000;
const hourSeconds = 3600;

/** A report without a window says how much, not how fast. */
function requestsPerHour({ event: { usage } }: SignalContext): number | undefined {
  if (usage?.requests === undefined || usage.window_s === undefined) return undefined;
  const rate = (usage.requests / usage.window_s) * hourSeconds;
  // A window next to nothing: no JSON has the rate.
  return Number.isFinite(rate) ? rate : undefined;
}

function pace(context: SignalContext): Pace | undefined {
  const rate = requestsPerHour(context);
  if (rate === undefined) return undefined;
  if (rate < 10) return 'under_10';
  if (rate < 100) return 'under_100';
  return rate < 1000 ? 'under_1000' : 'over_1000';
}

/**
 * Growth of the rate: requests an hour, for each hour since use began (the reported window included, at least one hour).
 * 600 an hour in the first hour is 600, the same rate after ten days 2.5: people begin small, pools at their maximum.
 */
function ramp(context: SignalContext): number | undefined {
  const rate = requestsPerHour(context);
  if (rate === undefined) return undefined;
  const begun = Math.min(context.account.firstUseAt ?? context.at, context.at);
  const hours = (context.at - begun) / hourMs + (context.event.usage?.window_s ?? 0) / hourSeconds;
  return rate / Math.max(1, hours);
}

/** Only use can have moved; without a signup's address nothing is known. */
function ipChanged(context: SignalContext): boolean | undefined {
  if (context.event.type === 'signup') return undefined;
  const now = prefixOf(context.address());
  const then = prefixOf(context.signupAddress());
  return now === undefined || then === undefined ? undefined : now !== then;
}

export const usageSignals: SignalRecords<'usage'> = {
  'usage.requests': ({ event }) => event.usage?.requests,
  'usage.per_hour': requestsPerHour,
  'usage.pace': pace,
  'usage.ramp': ramp,
  'usage.distinct_ips': ({ event }) => event.usage?.distinct_ips,
  'usage.top_model_share': ({ event }) => event.usage?.top_model_share,
  'usage.prompt_template': ({ event }) => event.usage?.prompt_template,
  'usage.ip_changed_since_signup': ipChanged,
};
