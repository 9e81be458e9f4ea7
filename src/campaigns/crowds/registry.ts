import { agency } from './agency.js';
import { campus } from './campus.js';
import type { Crowd } from './crowd.js';
import { ordinary } from './ordinary.js';

/** Every kind of honest people that is simulated. */
export const crowds: readonly Crowd[] = [ordinary, campus, agency];
