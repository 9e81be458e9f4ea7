import { rememberAnswers } from '../model/remember-answers.js';
import { type Reading, Unavailable } from '../model/value.js';
import { attributeOf } from './ip-signals.js';
import { canonicalZone, hourIn, languageFits, zonesOf } from './places.js';
import type { SignalContext } from './signal-context.js';
import type { SignalRecords } from './signal-record.js';

type ReadPlace = (context: SignalContext) => Reading;

const ip: ReadPlace = (context) => attributeOf(context.ipAttributes(), (attributes) => attributes.country);
const card: ReadPlace = ({ payment }) => payment?.country;
const phone: ReadPlace = (context) => context.phoneAttributes()?.country;
const declared: ReadPlace = (context) => context.described('declared_country');

const differ =
  (first: ReadPlace, second: ReadPlace) =>
  (context: SignalContext): Reading => {
    const a = first(context);
    const b = second(context);
    if (a === undefined || b === undefined) return undefined;
    if (a instanceof Unavailable) return a;
    return b instanceof Unavailable ? b : a !== b;
  };

/** Two known places are enough; an address that cannot be looked up counts only when the others agree. */
function countryMismatch(context: SignalContext): Reading {
  const places = [ip, card, phone, declared].map((read) => read(context)).filter((place) => place !== undefined);
  const known = places.filter((place) => !(place instanceof Unavailable));
  if (new Set(known).size > 1) return true;
  const missing = places.find((place) => place instanceof Unavailable);
  if (missing !== undefined && known.length > 0) return missing;
  return known.length < 2 ? undefined : false;
}

/** UTC says nothing of a place: privacy browsers and servers report it. */
const zoneOfPlace = rememberAnswers((zone): string | undefined => {
  const canonical = canonicalZone(zone);
  return canonical === undefined || /^(utc|gmt|etc\/)/i.test(canonical) ? undefined : canonical;
}, 2000);

function placedZone({ device }: SignalContext): string | undefined {
  return device?.timezone === undefined ? undefined : zoneOfPlace(device.timezone);
}

function timezoneMismatch(context: SignalContext): Reading {
  const zone = placedZone(context);
  if (zone === undefined) return undefined;
  return withCountry(context, (country) => {
    const zones = zonesOf(country);
    return zones.size === 0 ? undefined : !zones.has(zone);
  });
}

function withCountry(context: SignalContext, read: (country: string) => Reading): Reading {
  const country = ip(context);
  if (typeof country === 'string') return isCountry(country) ? read(country) : undefined;
  return country instanceof Unavailable ? country : undefined;
}

const isCountry = rememberAnswers((text) => /^[A-Z]{2}$/.test(text), 1000);

function languagesOf({ device, event }: SignalContext): readonly string[] {
  if (device?.languages !== undefined && device.languages.length > 0) return device.languages;
  const header = event.accept_language ?? '';
  return header.split(',').map((part) => (part.split(';')[0] ?? '').trim());
}

function languageMismatch(context: SignalContext): Reading {
  const languages = languagesOf(context);
  return withCountry(context, (country) => {
    const fits = languages.map((tag) => languageFits(tag, country)).filter((fit) => fit !== undefined);
    return fits.length === 0 ? undefined : !fits.includes(true);
  });
}

/** A country with several zones has an hour only where they agree. */
function localHour(context: SignalContext): Reading {
  const zone = placedZone(context);
  if (zone !== undefined) return hourIn(zone, context.at);
  return withCountry(context, (country) => {
    const hours = new Set([...zonesOf(country)].map((one) => hourIn(one, context.at)));
    return hours.size === 1 ? [...hours][0] : undefined;
  });
}

export const geoSignals: SignalRecords<'geo'> = {
  'geo.country_mismatch': countryMismatch,
  'geo.ip_card_mismatch': differ(ip, card),
  'geo.ip_phone_mismatch': differ(ip, phone),
  'geo.ip_declared_mismatch': differ(ip, declared),
  'geo.card_phone_mismatch': differ(card, phone),
  'geo.card_declared_mismatch': differ(card, declared),
  'geo.timezone_mismatch': timezoneMismatch,
  'geo.language_mismatch': languageMismatch,
  'geo.local_hour': localHour,
};
