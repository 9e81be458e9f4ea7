import { mobileExit, sharedExit } from '../people/draw-address.js';
import { type Card, cardOf } from '../people/draw-card.js';
import { acceptLanguageOf, atAnotherForm, type Device, drawDevice, withOwnFingerprint } from '../people/draw-device.js';
import { drawName, writeMailbox } from '../people/draw-mail.js';
import type { Random } from '../random.js';
import { type Country, countryWeights } from '../world/countries.js';
import { banksOf, cardProgrammes, type Issuer } from '../world/issuers.js';
import { words } from '../world/names.js';
import { addressIn, type Network } from '../world/network.js';
import { hosting, vpnExits } from '../world/shared-networks.js';
import type { Style } from './draw-style.js';
import type { ExitKind } from './style.js';

/** Hands out one thing until it has been used about `times` times, then makes the next. */
export function usedUp<T>(make: (random: Random) => T, times: number): (random: Random) => T {
  let current: T | undefined;
  let left = 0;
  return (random) => {
    if (current === undefined || left <= 0) {
      current = make(random);
      left = Math.max(1, Math.round(random.between(0.5, 1.5) * times));
    }
    left--;
    return current;
  };
}

const pool = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: Math.max(1, Math.round(count)) }, (_, index) => make(index));

export interface Exit {
  readonly country: Country;
  readonly address: string;
}

/** The proxies of one operator. */
export function exitsOf(style: Style, random: Random): (random: Random) => Exit {
  const home = addressIn(random.pick(random.weighted(countryWeights).home), random);
  const markets = pool(style.exits.countries, () => random.weighted(countryWeights));
  const clumps: readonly Network[] = pool(6, () => {
    const network = random.pick(random.pick(markets).home);
    return { first: network.first + random.int(network.size / 256) * 256, size: 256 };
  });
  const addressOf: Record<ExitKind, (country: Country, draw: Random) => string> = {
    residential: (country, draw) =>
      addressIn(draw.chance(style.exits.clumped) ? draw.pick(clumps) : draw.pick(country.home), draw),
    mobile: mobileExit,
    hosting: (_, draw) => addressIn(draw.pick(hosting), draw),
    vpn: (_, draw) => sharedExit(vpnExits, 300, draw),
    own: () => home,
  };
  return usedUp((draw) => {
    const country = draw.pick(markets);
    return { country, address: addressOf[draw.weighted(style.exits.kinds)](country, draw) };
  }, style.exits.accountsPerAddress);
}

/** Machines of the farm: few images, fingerprints that are reset now and then, and what is spoofed on top. */
export function machinesOf(style: Style, at: number, random: Random): (exit: Exit, draw: Random) => Device | undefined {
  const { devices } = style;
  const home = random.weighted(countryWeights);
  const images = pool(devices.templates, () => drawDevice({ at, country: home, kinds: farmMachines }, random));
  const reset = images.map((image) =>
    usedUp((draw): Device => withOwnFingerprint(image, draw), devices.accountsPerFingerprint),
  );
  return ({ country }, draw) => {
    if (draw.chance(devices.none)) return undefined;
    const bought = draw.chance(devices.unique);
    const next = reset[draw.zipf(reset.length)];
    const machine =
      bought || next === undefined ? withOwnFingerprint(drawDevice({ at, country }, draw), draw) : next(draw);
    const placed = draw.chance(devices.localised) ? localised(machine, country, draw) : machine;
    const spoofed = draw.chance(devices.contradicting) ? contradicting(placed, draw) : placed;
    return atAnotherForm(spoofed, draw);
  };
}

const farmMachines = [
  ['windows-chrome', 6],
  ['linux-chrome', 2],
  ['mac-chrome', 1],
  ['android', 3],
] as const;

function localised(machine: Device, country: Country, draw: Random): Device {
  const languages = [...draw.weighted(country.languages)];
  const device = { ...machine.device, timezone: draw.pick(country.zones), languages };
  return { ...machine, device, acceptLanguage: acceptLanguageOf(languages) };
}

/** What spoofing tools get wrong: another platform, a server's graphics, a phone without touch, a program's handshake. */
function contradicting(machine: Device, draw: Random): Device {
  const wrong = draw.pick([
    { platform: machine.device.platform === 'Win32' ? 'Linux x86_64' : 'Win32' },
    { gpu: 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)' },
    { ja4: 't12d290400_11b08e233c4b_017f05e53f6d' },
    { webdriver: true },
  ]);
  return { ...machine, device: { ...machine.device, ...wrong } };
}

/** Cards of few ranges; a share is what the payment provider knows to be virtual. */
export function cardsOf(style: Style, random: Random): (draw: Random) => Card | undefined {
  const issuers = pool(style.cards.bins, (): Issuer => {
    const programme = random.pick(cardProgrammes);
    return random.chance(style.cards.flagged)
      ? programme
      : { ...random.pick(banksOf('US')), country: programme.country };
  });
  const next = usedUp(
    (draw) => cardOf(issuers[draw.zipf(issuers.length)] ?? draw.pick(issuers), draw),
    style.cards.accountsPerCard,
  );
  return (draw) => (draw.chance(style.cards.none) ? undefined : next(draw));
}

/** How names are made: one pattern keeps one shape. */
const patterns: readonly ((random: Random) => string)[] = [
  (random) => random.fill('********'),
  (random) => random.fill('**********##'),
  (random) => `${drawName('english', random).given}${random.fill('####')}`,
  (random) => `${drawName('english', random).given}${drawName('english', random).family}${random.fill('###')}`,
  (random) => `${drawName('chinese', random).family}.${drawName('chinese', random).given}${random.fill('#####')}`,
  (random) => `${random.pick(words)}${random.pick(words)}${random.fill('##')}`,
  (random) => `${random.pick(words)}_${random.fill('###')}`,
  (random) => `${drawName('english', random).given[0]}${drawName('english', random).family}${random.fill('##')}`,
];

const throwAway =
  'mailinator.com guerrillamail.com yopmail.com temp-mail.org 10minutemail.com maildrop.cc moakt.com mail.tm'.split(
    ' ',
  );
const freeMail = ['gmail.com', 'outlook.com', 'hotmail.com', 'proton.me', 'gmx.com', 'yahoo.com', 'mail.ru'];

export function mailOf(style: Style, random: Random): (draw: Random) => string | undefined {
  const { domains, patterns: used } = style.mail;
  const own = pool(
    domains,
    () =>
      `${random.pick(words)}${random.fill('**')}${random.pick(words)}.${random.pick(['com', 'net', 'top', 'xyz', 'online', 'site', 'info'])}`,
  );
  const known = pool(Math.min(domains, throwAway.length), (index) => throwAway[index] ?? 'mailinator.com');
  const free = pool(random.whole(1, 3), () => random.pick(freeMail));
  const made = pool(Math.max(1, used), () => random.pick(patterns));
  const human = (draw: Random): string =>
    writeMailbox(drawName(draw.pick(['english', 'german', 'spanish', 'chinese']), draw), draw);
  const local = (draw: Random): string => (used === 0 ? human(draw) : draw.pick(made)(draw));
  return (draw) => {
    const kind = draw.weighted(style.mail.kinds);
    if (kind === 'none') return undefined;
    const domain = draw.pick(kind === 'free' ? free : kind === 'catch-all' ? own : known);
    return `${local(draw)}@${domain}`;
  };
}
