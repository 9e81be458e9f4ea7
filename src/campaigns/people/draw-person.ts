import type { Random } from '../random.js';
import type { MachineWeights } from '../world/browsers.js';
import { type Country, countryWeights } from '../world/countries.js';
import { addressIn } from '../world/network.js';
import { usualPrograms } from '../world/programs.js';
import { hosting } from '../world/shared-networks.js';
import { throwAwayMail } from '../world/throw-away-mail.js';
import type { AddressAt, Habits, PlannedAccount } from './account.js';
import { homeLine, mobileLine } from './draw-address.js';
import { drawCard } from './draw-card.js';
import { type Device, drawDevice } from './draw-device.js';
import { drawCompany, drawName, relayMail, workMailbox, writeMailbox } from './draw-mail.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** What is told of a person before the rest is drawn. */
interface PersonWish {
  readonly at: number;
  readonly country?: Country | undefined;
  /** Machines that people of this kind have; the usual ones where it is left out. */
  readonly kinds?: MachineWeights | undefined;
  readonly device?: Device | undefined;
  readonly addressAt?: AddressAt | undefined;
}

export const accountId = (random: Random): string => random.fill('acct_************');

/** Most people try a little, some build something: a tenth uses a hundred times what the median uses. */
function drawHabits(random: Random): Habits {
  const pays = random.chance(0.6);
  const key = random.chance(0.72);
  const uses = key && random.chance(0.75);
  const first = random.logNormal(25 * minuteMs, 1.6);
  return {
    payAfterMs: pays ? random.logNormal(9 * minuteMs, 1.5) : undefined,
    keysAfterMs: key ? [first, ...(random.chance(0.2) ? [first + random.logNormal(dayMs, 1)] : [])] : [],
    useAfterMs: uses ? first + random.logNormal(40 * minuteMs, 1.6) : undefined,
    exchangesPerDay: Math.max(1, Math.round(random.logNormal(18, 1.5))),
    days: Math.max(1, Math.round(random.logNormal(9, 1))),
    rampH: random.logNormal(20, 0.8),
    promptTemplate: random.chance(0.7) ? random.fill('h_~~~~~~~~') : undefined,
    topModelShare: Math.round(random.between(0.4, 1) * 100) / 100,
    distinctIps: random.weighted([
      [1, 80],
      [2, 15],
      [4, 5],
    ]),
    programAt: random.chance(serverShare) ? serverLine(random) : undefined,
    programJa4: random.weighted(usualPrograms),
  };
}

/** Share of people whose programs run on a rented server, the others at their own line. */
const serverShare = 0.45;
/** Share of browsers that keep everything about the machine to themselves. */
const silentShare = 0.025;

const serverLine = (random: Random): AddressAt => {
  const address = addressIn(random.pick(hosting), random);
  return () => address;
};

const paths: readonly (readonly [string, number])[] = [
  ['standard', 88],
  ['education', 6],
  ['startup', 4],
  ['research', 2],
];
const plans: readonly (readonly [string, number])[] = [
  ['api-free', 45],
  ['api-paid', 55],
];

/** The mailbox of a person, and the organization where it is one's. */
function drawMail(country: Country, random: Random): { address: string; organization?: string } {
  const name = drawName(random.weighted(country.cultures), random);
  const company = drawCompany(country, random);
  const kind = random.weighted([
    ['free', 82],
    ['work', 15],
    ['relay', 3],
    ['disposable', 0.6],
  ] as const);
  if (kind === 'disposable') return { address: `${writeMailbox(name, random)}@${random.pick(throwAwayMail)}` };
  if (kind === 'relay') return { address: relayMail(random) };
  if (kind === 'work')
    return { address: `${workMailbox(name, random.int(4), random)}@${company.domain}`, organization: company.name };
  return { address: `${writeMailbox(name, random)}@${random.weighted(country.mail)}` };
}

/** An ordinary person of some country, at home or on a phone. */
export function drawPerson(wish: PersonWish, random: Random): PlannedAccount {
  const country = wish.country ?? random.weighted(countryWeights);
  const { device, userAgent, acceptLanguage } =
    wish.device ?? drawDevice({ at: wish.at, country, kinds: wish.kinds }, random);
  const { address, organization } = drawMail(country, random);
  const onPhone = device.touch === true && /iPhone|Android/.test(userAgent);
  const mobile = random.chance(onPhone ? 0.55 : 0.06);
  const habits = drawHabits(random);
  const isSilent = wish.device === undefined && random.chance(silentShare);
  return {
    id: accountId(random),
    account: {
      ...(organization === undefined ? {} : { organization }),
      plan: random.weighted(plans),
      path: random.weighted(paths),
      declared_country: country.code,
    },
    email: { address, verified: random.chance(0.9) },
    phone: random.chance(0.5) ? { number: random.fill(country.phone), verified: random.chance(0.8) } : undefined,
    device: isSilent ? undefined : device,
    userAgent,
    acceptLanguage,
    payment: habits.payAfterMs === undefined ? undefined : drawCard(country.code, random),
    paysAtSignup: random.chance(0.35),
    addressAt: wish.addressAt ?? (mobile ? mobileLine(country) : homeLine(country, random)),
    habits,
  };
}
