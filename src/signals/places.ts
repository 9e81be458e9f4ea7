import { rememberAnswers } from '../model/remember-answers.js';

/** Timezones and languages of countries, from the CLDR data inside Node's Intl; nothing is downloaded. */

const zonesOfCountry = new Map<string, ReadonlySet<string>>();
const hourFormats = new Map<string, Intl.DateTimeFormat>();
/** Timezones are the sender's text: more than there are, so that wrong ones do not crowd out the real. */
const mostZones = 2000;

/** One name for all aliases of a zone; undefined when there is no such zone. */
export const canonicalZone = rememberAnswers((zone): string | undefined => {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}, mostZones);

/** Canonical zones of a country; empty when none are known. */
export function zonesOf(country: string): ReadonlySet<string> {
  const known = zonesOfCountry.get(country);
  if (known !== undefined) return known;
  const zones = new Set(readZones(country).flatMap((zone) => canonicalZone(zone) ?? []));
  zonesOfCountry.set(country, zones);
  return zones;
}

/** Newer engines have a method where Node 20 has a property; the types know neither. */
function readZones(country: string): string[] {
  const locale = new Intl.Locale('und', { region: country });
  const listed: unknown = Reflect.get(locale, 'timeZones') ?? callOn(locale, 'getTimeZones');
  return Array.isArray(listed) ? listed.filter((zone) => typeof zone === 'string') : [];
}

function callOn(target: object, method: string): unknown {
  const found: unknown = Reflect.get(target, method);
  return typeof found === 'function' ? found.call(target) : undefined;
}

function formatHour(zone: string, at: number): number {
  let format = hourFormats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' });
    hourFormats.set(zone, format);
  }
  return Number(format.format(at));
}

const quarterMs = 900_000;
/** Since then every clock on earth has differed from UTC by whole quarters of an hour. */
const wholeQuartersSince = Date.UTC(1980, 0);
const hoursOfQuarter = rememberAnswers((quarter) => {
  const space = quarter.indexOf(' ');
  return formatHour(quarter.slice(space + 1), Number(quarter.slice(0, space)) * quarterMs);
}, 5000);

/** 0 to 23 in a canonical zone. */
export function hourIn(zone: string, at: number): number {
  return at < wholeQuartersSince ? formatHour(zone, at) : hoursOfQuarter(`${Math.floor(at / quarterMs)} ${zone}`);
}

/** Languages beside the main one (which CLDR knows) that a quiet honest person of the country may well use. */
const furtherLanguages: Readonly<Record<string, string>> = {
  AE: 'hi ur fil',
  AT: 'hr sr tr',
  AU: 'zh vi',
  BE: 'nl fr de',
  BR: 'es',
  BY: 'ru be',
  CA: 'fr zh pa es',
  CH: 'de fr it rm pt',
  CY: 'el tr ru',
  DE: 'tr ru pl ar uk',
  DZ: 'ar fr',
  EE: 'ru',
  ES: 'ca eu gl ro ar',
  FI: 'fi sv ru',
  FR: 'ar pt es',
  GB: 'pl cy pa ur ro',
  GE: 'ru',
  HK: 'zh yue',
  IE: 'ga pl pt',
  IL: 'he ar ru',
  IN: 'hi bn te mr ta ur gu kn ml pa or as',
  IT: 'ro de',
  KZ: 'kk ru',
  LB: 'fr',
  LT: 'ru pl',
  LU: 'lb fr de pt',
  LV: 'ru',
  MA: 'fr',
  MD: 'ro ru',
  MO: 'zh pt yue',
  MY: 'ms zh ta',
  NL: 'tr pl ar fy',
  NO: 'nb nn no pl',
  NZ: 'mi zh',
  PE: 'qu',
  PH: 'fil tl ceb',
  PK: 'ur pa sd',
  PL: 'uk',
  PT: 'uk',
  PY: 'gn',
  SE: 'fi ar',
  SG: 'zh ms ta',
  TN: 'fr',
  TR: 'ku ar',
  TW: 'zh',
  UA: 'ru',
  US: 'es zh fil tl vi ko fr ar pt ru',
  ZA: 'af zu xh st',
};

const mainLanguages = new Map<string, string>();

function mainLanguage(country: string): string {
  const known = mainLanguages.get(country);
  if (known !== undefined) return known;
  const language = new Intl.Locale('und', { region: country }).maximize().language;
  mainLanguages.set(country, language);
  return language;
}

/** Undefined when the text is no language tag. */
const languageOf = rememberAnswers((tag): { language: string; country: string | undefined } | undefined => {
  const [, language, country] = /^([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}))?(?:-|$)/i.exec(tag) ?? [];
  return language === undefined ? undefined : { language: language.toLowerCase(), country: country?.toUpperCase() };
}, 2000);

/** The tag names the country, or one of its languages; English fits everywhere. Undefined when it is no language tag. */
export function languageFits(tag: string, country: string): boolean | undefined {
  const spoken = languageOf(tag);
  if (spoken === undefined) return undefined;
  if (spoken.language === 'en' || spoken.country === country) return true;
  if (spoken.language === mainLanguage(country)) return true;
  return (furtherLanguages[country] ?? '').split(' ').includes(spoken.language);
}
