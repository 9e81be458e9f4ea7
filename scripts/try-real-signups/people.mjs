import { addressText } from './addresses.mjs';
import { browsers } from './user-agents.mjs';

const places = {
  US: {
    zones: ['America/New_York', 'America/Chicago', 'America/Los_Angeles'],
    languages: ['en-US', 'en'],
    code: '1',
    area: ['212', '312', '415', '206', '617'],
  },
  CA: { zones: ['America/Toronto'], languages: ['en-CA', 'en'], code: '1', area: ['416', '514'] },
  GB: { zones: ['Europe/London'], languages: ['en-GB', 'en'], code: '44', area: ['7400', '7700'] },
  DE: { zones: ['Europe/Berlin'], languages: ['de-DE', 'de', 'en'], code: '49', area: ['151', '170'] },
  FR: { zones: ['Europe/Paris'], languages: ['fr-FR', 'fr'], code: '33', area: ['6', '7'] },
  ES: { zones: ['Europe/Madrid'], languages: ['es-ES', 'es'], code: '34', area: ['6'] },
  IT: { zones: ['Europe/Rome'], languages: ['it-IT', 'it'], code: '39', area: ['347', '333'] },
  NL: { zones: ['Europe/Amsterdam'], languages: ['nl-NL', 'en'], code: '31', area: ['6'] },
  SE: { zones: ['Europe/Stockholm'], languages: ['sv-SE', 'en'], code: '46', area: ['70'] },
  PL: { zones: ['Europe/Warsaw'], languages: ['pl-PL', 'pl'], code: '48', area: ['60', '51'] },
  TR: { zones: ['Europe/Istanbul'], languages: ['tr-TR'], code: '90', area: ['532'] },
  JP: { zones: ['Asia/Tokyo'], languages: ['ja'], code: '81', area: ['90', '80'] },
  KR: { zones: ['Asia/Seoul'], languages: ['ko-KR', 'ko'], code: '82', area: ['10'] },
  BR: { zones: ['America/Sao_Paulo'], languages: ['pt-BR', 'pt'], code: '55', area: ['119', '219'] },
  MX: { zones: ['America/Mexico_City'], languages: ['es-MX', 'es'], code: '52', area: ['55'] },
  AU: { zones: ['Australia/Sydney'], languages: ['en-AU', 'en'], code: '61', area: ['4'] },
  VN: { zones: ['Asia/Ho_Chi_Minh'], languages: ['vi-VN', 'vi'], code: '84', area: ['90'] },
  PH: { zones: ['Asia/Manila'], languages: ['en-PH', 'fil'], code: '63', area: ['917'] },
  IN: { zones: ['Asia/Kolkata'], languages: ['en-IN', 'hi'], code: '91', area: ['98', '70'] },
  NG: { zones: ['Africa/Lagos'], languages: ['en-NG', 'en'], code: '234', area: ['803'] },
  KE: { zones: ['Africa/Nairobi'], languages: ['en-KE', 'sw'], code: '254', area: ['722'] },
};
export const countries = Object.keys(places);
/** Lengths of national mobile numbers after the area, so that numbers are possible ones. */
const subscriberDigits = {
  1: 7,
  44: 6,
  49: 8,
  33: 8,
  34: 8,
  39: 7,
  31: 8,
  46: 7,
  48: 7,
  90: 7,
  81: 8,
  82: 8,
  55: 8,
  52: 8,
  61: 8,
  84: 7,
  63: 7,
  91: 8,
  234: 7,
  254: 6,
};

const first = [
  'anna',
  'james',
  'maria',
  'wei',
  'fatima',
  'lucas',
  'emma',
  'yuki',
  'omar',
  'priya',
  'jan',
  'sofia',
  'david',
  'chloe',
  'minh',
  'aisha',
  'peter',
  'elena',
  'kofi',
  'ingrid',
  'carlos',
  'hana',
  'tom',
  'leila',
];
const last = [
  'smith',
  'garcia',
  'muller',
  'chen',
  'okafor',
  'rossi',
  'tanaka',
  'kowalski',
  'silva',
  'patel',
  'dubois',
  'kim',
  'nguyen',
  'jensen',
  'brown',
  'yilmaz',
  'santos',
  'larsen',
  'wagner',
  'reyes',
  'novak',
  'mbeki',
  'khan',
  'murphy',
];
const mailHosts = [
  'gmail.com',
  'gmail.com',
  'gmail.com',
  'outlook.com',
  'hotmail.com',
  'yahoo.com',
  'icloud.com',
  'gmx.de',
  'orange.fr',
  'proton.me',
  'mail.com',
];
const ja4s = [
  ['Firefox', 't13d1717h2_5b57614c22b0_3cbfd9057e0d'],
  ['Chrome', 't13d1516h2_8daaf6152771_d8a2da3f94cd'],
];

/** Makes the parts of signups; everything follows from the random numbers it is given. */
export function peopleMaker(random, pools) {
  const cardRanges = new Map();
  const cardRangesOf = (country) => {
    if (!cardRanges.has(country))
      cardRanges.set(
        country,
        Array.from({ length: 14 }, () => `${random.pick(['4', '5'])}${random.int(1, 5)}${random.digits(6)}`),
      );
    return cardRanges.get(country);
  };
  const range = (kind) => random.pick(pools.get(kind) ?? pools.get('home'));
  const addressIn = ({ first: from, size }) => addressText(from + (size > 2 ? random.int(1, size - 2) : 0));
  /** One address of that kind of network, and the country where its people live. */
  const from = (kind) => {
    const chosen = range(kind);
    return { ip: addressIn(chosen), country: chosen.country ?? random.pick(countries) };
  };
  /** A whole /24 for a crowd behind one exit. */
  const sharedPrefix = (kind) => {
    const chosen = random.pick((pools.get(kind) ?? []).filter(({ size }) => size >= 256));
    const base = addressText(chosen.first + 256 * random.int(0, Math.floor(chosen.size / 256) - 1)).replace(
      /\.\d+$/,
      '',
    );
    return { country: chosen.country, ip: () => `${base}.${random.int(2, 250)}` };
  };
  const device = (country, browser = random.weighted(browsers)) => {
    const place = places[country] ?? places.US;
    const ja4 = ja4s.find(([name]) => browser.agent.includes(name) && !/Mobile|Edg|OPR/.test(browser.agent))?.[1];
    return {
      user_agent: browser.agent,
      accept_language: place.languages.map((tag, index) => (index === 0 ? tag : `${tag};q=0.${9 - index}`)).join(','),
      device: {
        fingerprint: `fp_${random.hex(20)}`,
        confidence: browser.mobile === true ? 0.5 + random.int(0, 20) / 100 : 0.85 + random.int(0, 14) / 100,
        platform: browser.platform,
        timezone: random.pick(place.zones),
        languages: place.languages,
        screen: random.pick(browser.screens),
        gpu: random.pick(browser.gpus),
        webdriver: false,
        touch: browser.touch,
        form_ms: random.int(2_000, 60_000),
        ...(ja4 !== undefined && random.chance(0.5) ? { ja4 } : {}),
      },
    };
  };
  const card = (country, funding = random.chance(0.6) ? 'debit' : 'credit') => ({
    fingerprint: `pm_${random.hex(20)}`,
    bin: random.pickEarly(cardRangesOf(country)),
    brand: random.pick(['visa', 'mastercard']),
    funding,
    country,
  });
  const phone = (country) => {
    const { code, area } = places[country] ?? places.US;
    const rest = `${random.int(2, 9)}${random.digits((subscriberDigits[code] ?? 8) - 1)}`;
    return { number: `+${code}${random.pick(area)}${rest}`, verified: random.chance(0.6) };
  };
  const name = () => [random.pick(first), random.pick(last)];
  const mail = (host = random.pick(mailHosts)) => {
    const [given, family] = name();
    const style = random.int(0, 4);
    const local = [
      `${given}.${family}`,
      `${given}${family}${random.int(1, 99)}`,
      `${given[0]}${family}`,
      `${given}_${random.int(70, 2005)}`,
      `${family}.${given}${random.int(1, 999)}`,
    ][style];
    return { address: `${local}@${host}`, verified: random.chance(0.7) };
  };
  return { random, from, sharedPrefix, device, card, phone, mail, name, cardRangesOf };
}
