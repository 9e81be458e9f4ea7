import type { TierRanges } from './style.js';

/** One program on one line that does not hide. */
const script: TierRanges = {
  tier: 'T0',
  doc: 'A script: one address, generated mail, no device, no card.',
  exits: { kinds: [['own', [1, 1]]], countries: [1, 1], accountsPerAddress: [1, 1], clumped: [0, 0] },
  devices: {
    templates: [1, 1],
    accountsPerFingerprint: [1, 1],
    unique: [0, 0],
    localised: [0, 0],
    contradicting: [0, 0],
    none: [1, 1],
  },
  mail: {
    kinds: [
      ['disposable', [10, 60]],
      ['catch-all', [10, 60]],
    ],
    domains: [1, 4],
    patterns: [1, 1],
  },
  cards: { bins: [1, 1], accountsPerCard: [1, 1], flagged: [1, 1], none: [0.9, 1], atSignup: [0, 0] },
  phones: { share: [0, 0], blocks: [1, 1] },
  time: {
    rhythms: [
      ['burst', [1, 3]],
      ['around-the-clock', [1, 3]],
    ],
    formMs: [40, 900],
    formSpread: [0.02, 0.1],
    keyAfterMinutes: [0.02, 0.2],
    keySpread: [0.02, 0.2],
  },
  usage: { useAfterMinutes: [0.2, 5], oneTemplate: [0.9, 1], rampH: [0, 0], distinctIps: [1, 3], gateway: [0.9, 1] },
  paths: [['standard', [90, 100]]],
};

/** Cheap servers and machines, cards used again and again. */
const crude: TierRanges = {
  tier: 'T1',
  doc: 'A crude farm: hosting and VPN addresses, a few machines and cards for many accounts, generated mail.',
  exits: {
    kinds: [
      ['hosting', [40, 80]],
      ['vpn', [20, 60]],
      ['residential', [0, 15]],
    ],
    countries: [1, 3],
    accountsPerAddress: [4, 40],
    clumped: [0.2, 0.8],
  },
  devices: {
    templates: [1, 8],
    accountsPerFingerprint: [5, 60],
    unique: [0, 0.02],
    localised: [0, 0.2],
    contradicting: [0.2, 0.6],
    none: [0, 0.3],
  },
  mail: {
    kinds: [
      ['disposable', [20, 70]],
      ['catch-all', [10, 50]],
      ['free', [0, 15]],
    ],
    domains: [1, 10],
    patterns: [1, 2],
  },
  cards: { bins: [1, 4], accountsPerCard: [3, 30], flagged: [0.6, 1], none: [0, 0.3], atSignup: [0.5, 1] },
  phones: { share: [0, 0.2], blocks: [1, 3] },
  time: {
    rhythms: [
      ['burst', [1, 3]],
      ['around-the-clock', [1, 2]],
    ],
    formMs: [300, 3000],
    formSpread: [0.05, 0.3],
    keyAfterMinutes: [0.1, 2],
    keySpread: [0.05, 0.3],
  },
  usage: { useAfterMinutes: [1, 30], oneTemplate: [0.8, 1], rampH: [0, 0], distinctIps: [1, 6], gateway: [0.6, 1] },
  paths: [
    ['standard', [60, 95]],
    ['education', [0, 30]],
    ['startup', [0, 20]],
  ],
};

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
  usage: { useAfterMinutes: [2, 90], oneTemplate: [0.5, 1], rampH: [0, 0], distinctIps: [2, 12], gateway: [0.3, 1] },
  paths: [
    ['standard', [50, 90]],
    ['education', [0, 40]],
    ['research', [0, 10]],
    ['startup', [0, 30]],
  ],
};

/** Nothing is used twice, but everything still comes from somewhere. */
const careful: TierRanges = {
  tier: 'T3',
  doc: 'Careful: machines of their own (an anti-detect browser), many card ranges, mostly free mail, a human rhythm with tell-tales.',
  exits: {
    kinds: [
      ['residential', [60, 90]],
      ['mobile', [10, 40]],
      ['vpn', [0, 5]],
    ],
    countries: [2, 12],
    accountsPerAddress: [0.5, 1.2],
    clumped: [0, 0.1],
  },
  devices: {
    templates: [40, 400],
    accountsPerFingerprint: [1, 1.3],
    unique: [0.1, 0.5],
    localised: [0.7, 0.98],
    contradicting: [0.01, 0.08],
    none: [0, 0.01],
  },
  mail: {
    kinds: [
      ['free', [70, 95]],
      ['catch-all', [5, 30]],
    ],
    domains: [20, 150],
    patterns: [0, 4],
  },
  cards: { bins: [15, 60], accountsPerCard: [1, 1.5], flagged: [0.1, 0.5], none: [0, 0.1], atSignup: [0.2, 0.7] },
  phones: { share: [0.1, 0.6], blocks: [5, 60] },
  time: {
    rhythms: [
      ['shifts', [1, 3]],
      ['human', [1, 3]],
    ],
    formMs: [6000, 25_000],
    formSpread: [0.2, 0.5],
    keyAfterMinutes: [2, 20],
    keySpread: [0.3, 0.9],
  },
  usage: { useAfterMinutes: [10, 240], oneTemplate: [0.2, 0.8], rampH: [0, 6], distinctIps: [1, 6], gateway: [0, 0.6] },
  paths: [
    ['standard', [60, 90]],
    ['education', [5, 30]],
    ['research', [0, 10]],
    ['startup', [0, 25]],
  ],
};

/** People paid to sign up, each with a phone: what is left is that there are so many at once. */
const nearHuman: TierRanges = {
  tier: 'T4',
  doc: 'Near-human: people with machines, cards and mail of their own, who only share an employer.',
  exits: {
    kinds: [
      ['residential', [50, 80]],
      ['mobile', [20, 50]],
    ],
    countries: [1, 6],
    accountsPerAddress: [0.4, 0.9],
    clumped: [0, 0.03],
  },
  devices: {
    templates: [300, 2000],
    accountsPerFingerprint: [1, 1],
    unique: [0.8, 0.98],
    localised: [0.95, 1],
    contradicting: [0, 0.01],
    none: [0, 0],
  },
  mail: {
    kinds: [
      ['free', [90, 99]],
      ['catch-all', [1, 8]],
    ],
    domains: [50, 300],
    patterns: [0, 0],
  },
  cards: { bins: [60, 200], accountsPerCard: [1, 1.05], flagged: [0.03, 0.15], none: [0, 0.2], atSignup: [0.2, 0.5] },
  phones: { share: [0.3, 0.7], blocks: [100, 1000] },
  time: {
    rhythms: [['human', [1, 1]]],
    formMs: [18_000, 36_000],
    formSpread: [0.4, 0.6],
    keyAfterMinutes: [8, 40],
    keySpread: [0.8, 1.4],
  },
  usage: { useAfterMinutes: [30, 600], oneTemplate: [0, 0.3], rampH: [2, 24], distinctIps: [1, 3], gateway: [0, 0.2] },
  paths: [
    ['standard', [80, 95]],
    ['education', [2, 10]],
    ['startup', [2, 10]],
  ],
};

/** From the crudest to the most careful. */
export const tiers: readonly TierRanges[] = [script, crude, reported, careful, nearHuman];

export function tierByName(name: string): TierRanges {
  const found = tiers.find(({ tier }) => tier === name);
  if (found === undefined) throw new Error(`there is no tier ${name}`);
  return found;
}
