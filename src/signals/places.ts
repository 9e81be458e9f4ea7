/** Timezones and languages of countries, from the CLDR data inside Node's Intl; nothing is downloaded. */

const zonesOfCountry = new Map<string, readonly string[]>();
const canonicalZones = new Map<string, string | undefined>();
const hourFormats = new Map<string, Intl.DateTimeFormat>();
/** Timezones are the sender's text: no more than this many wrong ones are remembered. */
const mostZones = 2000;

/** One name for all aliases of a zone; undefined when there is no such zone. */
export function canonicalZone(zone: string): string | undefined {
  if (canonicalZones.has(zone)) return canonicalZones.get(zone);
  let canonical: string | undefined;
  try {
    canonical = new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    canonical = undefined;
  }
  if (canonicalZones.size < mostZones) canonicalZones.set(zone, canonical);
  return canonical;
}

/** Canonical zones of a country; empty when none are known. */
export function zonesOf(country: string): readonly string[] {
  const known = zonesOfCountry.get(country);
  if (known !== undefined) return known;
  const zones = readZones(country).flatMap((zone) => canonicalZone(zone) ?? []);
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

/** 0 to 23 in a canonical zone. */
export function hourIn(zone: string, at: number): number {
  let format = hourFormats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' });
    hourFormats.set(zone, format);
  }
  return Number(format.format(at));
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

/** The tag names the country, or one of its languages; English fits everywhere. Undefined when it is no language tag. */
export function languageFits(tag: string, country: string): boolean | undefined {
  const match = /^([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}))?(?:-|$)/i.exec(tag);
  const language = match?.[1]?.toLowerCase();
  if (language === undefined) return undefined;
  if (language === 'en' || match?.[2]?.toUpperCase() === country) return true;
  return language === mainLanguage(country) || (furtherLanguages[country] ?? '').split(' ').includes(language);
}
