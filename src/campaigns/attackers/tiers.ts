import type { TierRanges } from './style.js';

/** Residential proxies, disposable and catch-all mail, virtual cards from few ranges, a small device farm. */
const reported: TierRanges = {
  tier: 'T2',
  doc: 'The tactics as reported: residential proxies, disposable and catch-all mail, virtual cards of few ranges, a small device farm.',
  exits: {
    kinds: [
      ['residential', [60, 90]],
      ['mobile', [2, 20]],
      ['hosting', [0, 10]],
      ['vpn', [0, 10]],
    ],
    countries: [1, 8],
    accountsPerAddress: [0.7, 4],
    clumped: [0, 0.3],
  },
  devices: {
    templates: [4, 60],
    accountsPerFingerprint: [1, 12],
    unique: [0, 0.1],
    localised: [0.2, 0.9],
    contradicting: [0.05, 0.3],
    none: [0, 0.05],
  },
  mail: {
    kinds: [
      ['disposable', [10, 50]],
      ['catch-all', [20, 70]],
      ['free', [5, 40]],
    ],
    domains: [3, 40],
    patterns: [1, 3],
  },
  cards: { bins: [2, 12], accountsPerCard: [1, 8], flagged: [0.3, 0.95], none: [0, 0.1], atSignup: [0.3, 1] },
  phones: { share: [0, 0.3], blocks: [1, 10] },
  time: {
    rhythms: [
      ['burst', [1, 3]],
      ['shifts', [1, 3]],
      ['around-the-clock', [1, 3]],
    ],
    formMs: [900, 9000],
    formSpread: [0.05, 0.4],
    keyAfterMinutes: [0.3, 8],
    keySpread: [0.1, 0.6],
  },
  usage: { useAfterMinutes: [2, 90], oneTemplate: [0.5, 1], rampH: [0, 0], distinctIps: [2, 12] },
  paths: [
    ['standard', [50, 90]],
    ['education', [0, 40]],
    ['research', [0, 10]],
    ['startup', [0, 30]],
  ],
};

export const tiers: readonly TierRanges[] = [reported];
