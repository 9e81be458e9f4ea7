import { agency, family, reseller, secondAccount } from './agency.js';
import { campus } from './campus.js';
import { carrierNat } from './carrier-nat.js';
import { conference } from './conference.js';
import type { Crowd } from './crowd.js';
import { ciRunners, enterprise } from './enterprise.js';
import { hackathon } from './hackathon.js';
import { launchDay, movers, privacyBrowsers, relayUsers, vpnUsers } from './hidden-people.js';
import { office } from './office.js';
import { ordinary } from './ordinary.js';
import { sharedLab } from './shared-lab.js';

/** Every kind of honest people that is simulated. */
export const crowds: readonly Crowd[] = [
  ordinary,
  launchDay,
  carrierNat,
  vpnUsers,
  relayUsers,
  privacyBrowsers,
  movers,
  campus,
  sharedLab,
  hackathon,
  conference,
  office,
  enterprise,
  agency,
  reseller,
  family,
  secondAccount,
  ciRunners,
];
