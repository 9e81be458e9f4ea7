import { accountSignals } from './account-signals.js';
import type { SignalName } from './catalogue.js';
import { deviceSignals } from './device-signals.js';
import { geoSignals } from './geo-signals.js';
import { identitySignals } from './identity-signals.js';
import { ipSignals } from './ip-signals.js';
import type { ComputeSignal } from './signal-record.js';
import { usageSignals } from './usage-signals.js';
import { verifiedSignals } from './verified-signals.js';

/** How every signal of the catalogue is computed. */
export const signalRegistry: { readonly [N in SignalName]: ComputeSignal } = {
  ...ipSignals,
  ...geoSignals,
  ...deviceSignals,
  ...identitySignals,
  ...accountSignals,
  ...usageSignals,
  ...verifiedSignals,
};
