import type { Event } from '../../model/event.js';
import type { Random } from '../random.js';

const dayMs = 86_400_000;

/** Vendors' release dates; both have come every four weeks since. */
const chromeAt = { major: 140, at: Date.UTC(2025, 8, 2) };
const firefoxAt = { major: 140, at: Date.UTC(2025, 5, 24) };
/** Safari 26 came in September 2025, with a minor version about every two months. */
const safariAt = { major: 26, at: Date.UTC(2025, 8, 15) };

/** How many releases behind the newest people are: most update by themselves, some never do. */
const behind: readonly (readonly [number, number])[] = [
  [0, 62],
  [1, 22],
  [2, 6],
  [4, 4],
  [8, 3],
  [14, 2],
  [25, 1],
];

const majorOf = (newest: typeof chromeAt, at: number, random: Random): number =>
  newest.major + Math.floor((at - newest.at) / (28 * dayMs)) - random.weighted(behind);

const safariVersion = (at: number, random: Random): string => {
  const minor = Math.floor((at - safariAt.at) / (60 * dayMs)) - random.weighted(behind);
  return minor >= 0 ? `${safariAt.major}.${Math.min(minor, 6)}` : `18.${Math.max(1, 6 + minor)}`;
};

/** What one kind of machine says of itself. */
export interface Machine {
  readonly userAgent: string;
  readonly platform: string;
  readonly screen: string;
  readonly gpu: string | undefined;
  readonly touch: boolean;
  readonly hints: NonNullable<Event['device']>['client_hints'];
  readonly ja4: string;
  readonly isPhone: boolean;
}

type MachineKind =
  | 'windows-chrome'
  | 'windows-edge'
  | 'windows-firefox'
  | 'mac-safari'
  | 'mac-chrome'
  | 'linux-firefox'
  | 'linux-chrome'
  | 'iphone'
  | 'android';

export type MachineWeights = readonly (readonly [MachineKind, number])[];

const desktopScreens: readonly (readonly [string, number])[] = [
  ['1920x1080', 42],
  ['1536x864', 18],
  ['1366x768', 11],
  ['2560x1440', 12],
  ['1440x900', 4],
  ['1280x720', 4],
  ['3840x2160', 5],
  ['1600x900', 4],
];
const macScreens: readonly (readonly [string, number])[] = [
  ['1440x900', 26],
  ['1512x982', 26],
  ['1728x1117', 16],
  ['1680x1050', 10],
  ['2560x1440', 12],
  ['1470x956', 10],
];
const iphoneScreens: readonly (readonly [string, number])[] = [
  ['393x852', 34],
  ['390x844', 28],
  ['402x874', 12],
  ['430x932', 14],
  ['375x812', 8],
  ['414x896', 4],
];
const androidScreens: readonly (readonly [string, number])[] = [
  ['412x915', 30],
  ['360x800', 24],
  ['384x854', 12],
  ['393x873', 14],
  ['411x891', 8],
  ['360x780', 12],
];

const direct3d = (card: string): string => `ANGLE (${card} Direct3D11 vs_5_0 ps_5_0, D3D11)`;
const windowsGpus: readonly (readonly [string, number])[] = [
  [direct3d('Intel, Intel(R) UHD Graphics 620 (0x00005917)'), 14],
  [direct3d('Intel, Intel(R) Iris(R) Xe Graphics (0x000046A6)'), 22],
  [direct3d('Intel, Intel(R) UHD Graphics (0x00009A60)'), 12],
  [direct3d('NVIDIA, NVIDIA GeForce RTX 3060 (0x00002503)'), 10],
  [direct3d('NVIDIA, NVIDIA GeForce RTX 4060 (0x00002882)'), 9],
  [direct3d('NVIDIA, NVIDIA GeForce GTX 1650 (0x00001F82)'), 8],
  [direct3d('AMD, AMD Radeon(TM) Graphics (0x00001638)'), 14],
  [direct3d('AMD, Radeon RX 6600 (0x000073FF)'), 5],
  [direct3d('NVIDIA, NVIDIA GeForce RTX 5070 (0x00002F04)'), 4],
];
const macGpus: readonly (readonly [string, number])[] = ['M1', 'M1 Pro', 'M2', 'M3', 'M3 Pro', 'M4', 'M4 Pro'].map(
  (chip, index) => [`ANGLE (Apple, ANGLE Metal Renderer: Apple ${chip}, Unspecified Version)`, 20 - index * 2],
);
const androidGpus: readonly (readonly [string, number])[] = [
  ['Adreno (TM) 740', 18],
  ['Adreno (TM) 619', 18],
  ['Adreno (TM) 650', 10],
  ['Mali-G78', 12],
  ['Mali-G57 MC2', 18],
  ['Mali-G715', 10],
];
const linuxGpus: readonly (readonly [string, number])[] = [
  ['ANGLE (Intel, Mesa Intel(R) Xe Graphics (TGL GT2), OpenGL 4.6)', 40],
  ['ANGLE (AMD, AMD Radeon Graphics (radeonsi, renoir), OpenGL 4.6)', 40],
];

const chromeJa4 = 't13d1516h2_8daaf6152771_b186095e22b6';
const firefoxJa4 = 't13d1717h2_5b57614c22b0_3cbfd9057e0d';
const safariJa4 = 't13d2014h2_a09f3c656075_7f0f34a4126d';

const webKit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const brands = (major: number, name: string): string =>
  `"Chromium";v="${major}", "${name}";v="${major}", "Not A(Brand";v="24"`;

interface Draw {
  readonly at: number;
  readonly random: Random;
}

type Maker = (draw: Draw) => Machine;

const chromium =
  (system: {
    agent: string;
    platform: string;
    hint: string;
    screens: typeof macScreens;
    gpus: typeof macGpus;
  }): Maker =>
  ({ at, random }) => {
    const major = majorOf(chromeAt, at, random);
    return {
      userAgent: `Mozilla/5.0 (${system.agent}) ${webKit} Chrome/${major}.0.0.0 Safari/537.36`,
      platform: system.platform,
      screen: random.weighted(system.screens),
      gpu: random.weighted(system.gpus),
      touch: system.hint === 'Windows' && random.chance(0.15),
      hints: { platform: system.hint, mobile: false, brands: brands(major, 'Google Chrome') },
      ja4: chromeJa4,
      isPhone: false,
    };
  };

const firefox =
  (agent: string, platform: string, gpus: typeof macGpus): Maker =>
  ({ at, random }) => {
    const major = majorOf(firefoxAt, at, random);
    return {
      userAgent: `Mozilla/5.0 (${agent}; rv:${major}.0) Gecko/20100101 Firefox/${major}.0`,
      platform,
      screen: random.weighted(desktopScreens),
      gpu: random.weighted(gpus),
      touch: false,
      hints: undefined,
      ja4: firefoxJa4,
      isPhone: false,
    };
  };

const windows = 'Windows NT 10.0; Win64; x64';
const mac = 'Macintosh; Intel Mac OS X 10_15_7';
const windowsChrome = chromium({
  agent: windows,
  platform: 'Win32',
  hint: 'Windows',
  screens: desktopScreens,
  gpus: windowsGpus,
});

const safari = (random: Random, parts: Pick<Machine, 'userAgent' | 'platform' | 'screen' | 'isPhone'>): Machine => ({
  ...parts,
  gpu: random.chance(0.9) ? 'Apple GPU' : undefined,
  touch: parts.isPhone,
  hints: undefined,
  ja4: safariJa4,
});

const makers: Readonly<Record<MachineKind, Maker>> = {
  'windows-chrome': windowsChrome,
  'windows-edge': (draw) => {
    const machine = windowsChrome(draw);
    const major = Number(/Chrome\/(\d+)/.exec(machine.userAgent)?.[1]);
    const hints = { platform: 'Windows', mobile: false, brands: brands(major, 'Microsoft Edge') };
    return { ...machine, userAgent: `${machine.userAgent} Edg/${major}.0.0.0`, hints };
  },
  'windows-firefox': firefox(windows, 'Win32', windowsGpus),
  'linux-firefox': firefox('X11; Linux x86_64', 'Linux x86_64', linuxGpus),
  'mac-chrome': chromium({ agent: mac, platform: 'MacIntel', hint: 'macOS', screens: macScreens, gpus: macGpus }),
  'linux-chrome': chromium({
    agent: 'X11; Linux x86_64',
    platform: 'Linux x86_64',
    hint: 'Linux',
    screens: desktopScreens,
    gpus: linuxGpus,
  }),
  'mac-safari': ({ at, random }) =>
    safari(random, {
      userAgent: `Mozilla/5.0 (${mac}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${safariVersion(at, random)} Safari/605.1.15`,
      platform: 'MacIntel',
      screen: random.weighted(macScreens),
      isPhone: false,
    }),
  iphone: ({ at, random }) =>
    safari(random, {
      userAgent: `Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${safariVersion(at, random)} Mobile/15E148 Safari/604.1`,
      platform: 'iPhone',
      screen: random.weighted(iphoneScreens),
      isPhone: true,
    }),
  android: ({ at, random }) => {
    const major = majorOf(chromeAt, at, random);
    return {
      userAgent: `Mozilla/5.0 (Linux; Android 10; K) ${webKit} Chrome/${major}.0.0.0 Mobile Safari/537.36`,
      platform: 'Linux armv81',
      screen: random.weighted(androidScreens),
      gpu: random.weighted(androidGpus),
      touch: true,
      hints: { platform: 'Android', mobile: true, brands: brands(major, 'Google Chrome') },
      ja4: chromeJa4,
      isPhone: true,
    };
  },
};

/** Shares among people who sign up for a developer service. */
export const usualMachines: MachineWeights = [
  ['windows-chrome', 38],
  ['windows-edge', 9],
  ['windows-firefox', 4],
  ['mac-safari', 8],
  ['mac-chrome', 16],
  ['linux-firefox', 3],
  ['linux-chrome', 4],
  ['iphone', 9],
  ['android', 9],
];

export const drawMachine = (kind: MachineKind, draw: Draw): Machine => makers[kind](draw);
