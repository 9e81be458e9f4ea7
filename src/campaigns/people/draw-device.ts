import type { Event } from '../../model/event.js';
import { Random } from '../random.js';
import { drawMachine, type Machine, type MachineWeights, usualMachines } from '../world/browsers.js';
import type { Country } from '../world/countries.js';

export interface Device {
  readonly device: NonNullable<Event['device']>;
  readonly userAgent: string;
  readonly acceptLanguage: string;
}

/** People share fingerprints with strangers who have the same machine: a third of desktops, more than half of phones. */
const sharedShare = (machine: Machine): number => (machine.isPhone ? 0.6 : 0.34);
/** Different fingerprints among machines of one kind that are not told apart. */
const sharedKinds = 60;

function fingerprintOf(machine: Machine, zone: string, random: Random): { fingerprint: string; confidence: number } {
  if (!random.chance(sharedShare(machine)))
    return { fingerprint: random.fill('fp_~~~~~~~~x~~~~~~~~'), confidence: Math.round(random.between(86, 99)) / 100 };
  const kind = `${machine.userAgent}${machine.screen}${machine.gpu}${zone}${random.int(sharedKinds)}`;
  const alike = new Random(kind);
  return { fingerprint: alike.fill('fp_~~~~~~~~x~~~~~~~~'), confidence: Math.round(random.between(35, 75)) / 100 };
}

export const acceptLanguageOf = (languages: readonly string[]): string =>
  languages
    .map((language, index) => (index === 0 ? language : `${language};q=${(1 - index / 10).toFixed(1)}`))
    .join(',');

/** Milliseconds to fill in the form: half a minute for most, seconds where a password manager does it. */
const humanFormMs = (random: Random): number =>
  Math.round(random.chance(0.18) ? random.logNormal(6500, 0.4) : random.logNormal(32_000, 0.6));

interface DeviceWish {
  readonly at: number;
  readonly country: Country;
  readonly kinds?: MachineWeights | undefined;
}

/** One person's own machine. */
export function drawDevice({ at, country, kinds = usualMachines }: DeviceWish, random: Random): Device {
  const machine = drawMachine(random.weighted(kinds), { at, random });
  const zone = random.pick(country.zones);
  const languages = [...random.weighted(country.languages)];
  return describeDevice({ machine, zone, languages, ...fingerprintOf(machine, zone, random) }, random);
}

interface DeviceParts {
  readonly machine: Machine;
  readonly zone: string;
  readonly languages: string[];
  readonly fingerprint: string;
  readonly confidence: number;
}

function describeDevice(parts: DeviceParts, random: Random): Device {
  const { machine, zone, languages, fingerprint, confidence } = parts;
  return {
    userAgent: machine.userAgent,
    acceptLanguage: acceptLanguageOf(languages),
    device: {
      fingerprint,
      confidence,
      platform: machine.platform,
      timezone: zone,
      languages,
      screen: machine.screen,
      ...(machine.gpu === undefined ? {} : { gpu: machine.gpu }),
      webdriver: false,
      touch: machine.touch,
      ...(machine.hints === undefined ? {} : { client_hints: machine.hints }),
      ja4: machine.ja4,
      form_ms: humanFormMs(random),
    },
  };
}

/** The same machine at another form: only what a form says differs. */
export const atAnotherForm = ({ device, ...rest }: Device, random: Random): Device => ({
  ...rest,
  device: { ...device, form_ms: humanFormMs(random) },
});

/** Another machine of the same model: nothing differs but the fingerprint. */
export const withOwnFingerprint = (model: Device, random: Random): Device => {
  const confidence = Math.round(random.between(70, 97)) / 100;
  return { ...model, device: { ...model.device, fingerprint: random.fill('fp_~~~~~~~~x~~~~~~~~'), confidence } };
};
