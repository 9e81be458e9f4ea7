import type { Culture } from './names.js';
import { type Network, networks } from './network.js';

export interface Country {
  readonly code: string;
  /** Share of honest signups, relative to the others. */
  readonly weight: number;
  readonly zones: readonly string[];
  /** Offset of most of its people's clocks from UTC, hours; daylight saving is left out. */
  readonly offsetH: number;
  /** What browsers of most people there send. */
  readonly languages: readonly (readonly [readonly string[], number])[];
  readonly cultures: readonly (readonly [Culture, number])[];
  readonly mail: readonly (readonly [string, number])[];
  /** `#` is a digit. */
  readonly phone: string;
  readonly home: readonly Network[];
  readonly mobile: readonly Network[];
  /** Top-level domain of companies there. */
  readonly tld: string;
}

/**
 * Networks are samples of large allocations, written down by hand from the registries' own statistics and looked up in
 * the ASN and country tables that the service uses (`@ip-location-db`): each lies in that country and belongs to a carrier
 * that sells lines (home) or mobile access there. Languages, zones and mail providers: common knowledge, weights invented.
 * Columns: code, weight, offset, zones, languages, cultures, mail, phone, top-level domain, home, mobile.
 */
const rows = `
US | 30 | -6 | America/New_York America/Chicago America/Denver America/Los_Angeles | en-US,en:88 es-US,es,en:6 zh-CN,zh,en:3 en-US:3 | english:62 spanish:16 indian:9 chinese:8 korean:3 vietnamese:2 | gmail.com:64 outlook.com:9 yahoo.com:10 icloud.com:11 hotmail.com:4 proton.me:2 | +1%17%###### | com | 73.32.0.0/12 24.0.0.0/12 98.192.0.0/11 71.192.0.0/12 108.192.0.0/11 70.160.0.0/13 68.96.0.0/13 | 172.56.0.0/15 172.32.0.0/12 174.192.0.0/11
IN | 12 | 5.5 | Asia/Kolkata | en-IN,en-GB,en:60 en-US,en:30 hi-IN,hi,en:10 | indian:100 | gmail.com:90 outlook.com:4 yahoo.com:4 rediffmail.com:2 | +9198######## | in | 117.192.0.0/11 59.88.0.0/13 106.51.0.0/16 122.160.0.0/13 | 49.32.0.0/13 157.32.0.0/13
DE | 6 | 1 | Europe/Berlin | de-DE,de,en-US,en:80 en-US,en,de:12 tr-TR,tr,de:4 en-GB,en:4 | german:84 turkish:9 polish:4 arabic:3 | gmail.com:38 gmx.de:20 web.de:18 outlook.de:6 t-online.de:7 icloud.com:6 posteo.de:2 proton.me:3 | +4915######## | de | 84.128.0.0/11 79.192.0.0/11 87.128.0.0/11 91.0.0.0/11 93.192.0.0/11 88.64.0.0/12 95.112.0.0/13 95.88.0.0/14 | 80.187.64.0/18 109.40.0.0/14 176.0.0.0/13
GB | 7 | 0 | Europe/London | en-GB,en-US,en:85 en-US,en:12 pl-PL,pl,en:3 | english:80 indian:11 polish:5 arabic:4 | gmail.com:55 outlook.com:12 hotmail.co.uk:10 icloud.com:12 yahoo.co.uk:7 btinternet.com:4 | +447######### | co.uk | 86.128.0.0/11 81.128.0.0/13 82.0.0.0/12 86.0.0.0/12 90.192.0.0/12 2.96.0.0/13 | 92.40.0.0/15 82.132.192.0/18
FR | 5 | 1 | Europe/Paris | fr-FR,fr,en-US,en:86 en-US,en,fr:10 fr:4 | french:85 arabic:15 | gmail.com:52 orange.fr:10 hotmail.fr:9 outlook.fr:8 free.fr:7 icloud.com:8 laposte.net:4 proton.me:2 | +336######## | fr | 90.0.0.0/10 86.192.0.0/11 92.128.0.0/11 88.160.0.0/12 82.224.0.0/12 93.0.0.0/12 176.128.0.0/11 | 92.184.96.0/19
BR | 6 | -3 | America/Sao_Paulo | pt-BR,pt,en-US,en:92 en-US,en:8 | portuguese:100 | gmail.com:72 hotmail.com:12 outlook.com:8 yahoo.com.br:4 uol.com.br:2 icloud.com:2 | +55119######## | com.br | 177.32.0.0/14 189.4.0.0/14 186.204.0.0/14 187.56.0.0/14 | 177.76.0.0/14
JP | 5 | 9 | Asia/Tokyo | ja,en-US,en:70 ja-JP,ja:26 en-US,en:4 | japanese:100 | gmail.com:58 yahoo.co.jp:16 icloud.com:14 outlook.jp:5 docomo.ne.jp:4 ezweb.ne.jp:3 | +8190######## | co.jp | 153.128.0.0/11 114.144.0.0/13 126.0.0.0/10 | 106.128.0.0/11
CA | 4 | -5 | America/Toronto America/Vancouver America/Edmonton | en-CA,en-US,en:70 fr-CA,fr,en:14 en-US,en:16 | english:66 french:16 indian:10 chinese:8 | gmail.com:58 outlook.com:10 hotmail.com:13 icloud.com:12 yahoo.ca:4 proton.me:3 | +1647%###### | ca | 99.224.0.0/12 70.48.0.0/13 174.88.0.0/14 24.64.0.0/13 | 24.114.0.0/16
KR | 3 | 9 | Asia/Seoul | ko-KR,ko,en-US,en:80 ko:15 en-US,en:5 | korean:100 | gmail.com:55 naver.com:34 hanmail.net:5 kakao.com:4 icloud.com:2 | +8210######## | co.kr | 121.128.0.0/11 175.192.0.0/11 | 223.32.0.0/12 39.4.0.0/14
ES | 3 | 1 | Europe/Madrid | es-ES,es,en:84 ca-ES,ca,es:8 en-US,en:8 | spanish:100 | gmail.com:66 hotmail.com:14 outlook.es:7 icloud.com:6 yahoo.es:5 proton.me:2 | +346######## | es | 83.32.0.0/12 88.0.0.0/12 79.144.0.0/13 | 31.4.0.0/16
IT | 3 | 1 | Europe/Rome | it-IT,it,en-US,en:92 en-US,en:8 | italian:100 | gmail.com:64 libero.it:11 hotmail.it:8 icloud.com:7 outlook.it:5 virgilio.it:3 tiscali.it:2 | +393######### | it | 79.0.0.0/11 87.0.0.0/12 82.48.0.0/13 151.32.0.0/12 93.32.0.0/12 | 5.90.0.0/15
NL | 2 | 1 | Europe/Amsterdam | nl-NL,nl,en-US,en:70 en-US,en,nl:30 | dutch:90 turkish:10 | gmail.com:60 hotmail.com:14 outlook.com:9 icloud.com:8 ziggo.nl:5 kpnmail.nl:4 | +316######## | nl | 77.160.0.0/12 84.24.0.0/14 86.80.0.0/13 | 188.88.0.0/14
PL | 2 | 1 | Europe/Warsaw | pl-PL,pl,en-US,en:90 en-US,en:10 | polish:100 | gmail.com:62 wp.pl:14 onet.pl:9 o2.pl:7 interia.pl:5 proton.me:3 | +485######## | pl | 83.0.0.0/12 89.64.0.0/13 | 5.172.224.0/19
TR | 2 | 3 | Europe/Istanbul | tr-TR,tr,en-US,en:90 en-US,en:10 | turkish:100 | gmail.com:78 hotmail.com:13 outlook.com:5 icloud.com:4 | +905######### | com.tr | 78.160.0.0/12 88.224.0.0/12 176.40.0.0/14 | 5.24.0.0/14
ID | 3 | 7 | Asia/Jakarta | id-ID,id,en-US,en:80 en-US,en:20 | indonesian:100 | gmail.com:92 yahoo.com:5 outlook.com:3 | +62812######## | co.id | 36.64.0.0/12 125.160.0.0/13 | 182.0.0.0/13 114.120.0.0/13
VN | 2 | 7 | Asia/Ho_Chi_Minh | vi-VN,vi,en-US,en:80 en-US,en:12 vi:8 | vietnamese:100 | gmail.com:93 outlook.com:4 yahoo.com.vn:3 | +849######## | vn | 113.160.0.0/12 14.160.0.0/12 | 171.224.0.0/12 27.64.0.0/13
PH | 2 | 8 | Asia/Manila | en-US,en:80 en-PH,en,fil:20 | spanish:70 english:30 | gmail.com:88 yahoo.com:10 outlook.com:2 | +639######### | com.ph | 49.144.0.0/14 | 112.198.0.0/16
MX | 3 | -6 | America/Mexico_City | es-MX,es,en:60 es-419,es,en:30 en-US,en:10 | spanish:100 | gmail.com:70 hotmail.com:16 outlook.com:9 icloud.com:3 yahoo.com.mx:2 | +5255######## | com.mx | 187.128.0.0/11 189.128.0.0/11 | 201.96.0.0/12
AU | 3 | 10 | Australia/Sydney Australia/Melbourne Australia/Brisbane | en-AU,en-US,en:76 en-GB,en:14 en-US,en:10 | english:80 chinese:10 indian:10 | gmail.com:60 outlook.com:11 hotmail.com:10 icloud.com:12 bigpond.com:7 | +614######## | com.au | 120.144.0.0/13 58.160.0.0/12 1.120.0.0/14 | 49.176.0.0/14
NG | 1.5 | 1 | Africa/Lagos | en-GB,en-US,en:60 en-US,en:40 | african:100 | gmail.com:90 yahoo.com:8 outlook.com:2 | +23480######## | com.ng | 105.112.0.0/13 | 197.210.0.0/16 105.112.0.0/13
EG | 1.2 | 2 | Africa/Cairo | ar-EG,ar,en:45 en-US,en,ar:55 | arabic:100 | gmail.com:86 yahoo.com:6 hotmail.com:6 outlook.com:2 | +2010######## | com.eg | 156.192.0.0/12 41.32.0.0/13 | 41.32.0.0/13
PK | 1.5 | 5 | Asia/Karachi | en-US,en:75 en-GB,en:15 ur-PK,ur,en:10 | arabic:100 | gmail.com:92 yahoo.com:4 hotmail.com:4 | +9230######## | pk | 39.32.0.0/12 119.152.0.0/14 | 111.119.160.0/19
SE | 1.5 | 1 | Europe/Stockholm | sv-SE,sv,en-US,en:75 en-US,en:25 | nordic:100 | gmail.com:60 hotmail.com:14 outlook.com:8 icloud.com:10 telia.com:8 | +467######## | se | 85.224.0.0/13 78.64.0.0/12 | 78.64.0.0/12
DK | 1 | 1 | Europe/Copenhagen | da-DK,da,en-US,en:78 en-US,en:22 | nordic:100 | gmail.com:60 hotmail.com:16 icloud.com:12 outlook.dk:12 | +4520###### | dk | 83.72.0.0/14 | 80.62.0.0/15
CH | 1.5 | 1 | Europe/Zurich | de-CH,de,en:55 fr-CH,fr,en:22 en-US,en:23 | german:65 french:22 italian:13 | gmail.com:48 bluewin.ch:12 gmx.ch:12 outlook.com:10 icloud.com:10 proton.me:8 | +4179####### | ch | 85.0.0.0/13 | 178.197.0.0/16
IE | 0.8 | 0 | Europe/Dublin | en-IE,en-GB,en:60 en-US,en:40 | english:90 polish:10 | gmail.com:66 hotmail.com:12 outlook.com:10 icloud.com:12 | +35387####### | ie | 86.40.0.0/13 | 86.40.0.0/13
AR | 1.5 | -3 | America/Argentina/Buenos_Aires | es-AR,es,en:64 es-419,es:28 en-US,en:8 | spanish:70 italian:30 | gmail.com:76 hotmail.com:16 yahoo.com.ar:4 outlook.com:4 | +54911######## | com.ar | 181.0.0.0/12 | 181.0.0.0/12
CO | 1.3 | -5 | America/Bogota | es-CO,es,en:40 es-419,es:52 en-US,en:8 | spanish:100 | gmail.com:76 hotmail.com:17 outlook.com:7 | +57310####### | com.co | 181.128.0.0/12 186.28.0.0/14 | 181.128.0.0/12
TW | 1.5 | 8 | Asia/Taipei | zh-TW,zh,en-US,en:90 en-US,en:10 | chinese:100 | gmail.com:88 yahoo.com.tw:6 icloud.com:4 outlook.com:2 | +8869######## | com.tw | 1.160.0.0/12 218.160.0.0/12 | 1.160.0.0/12
SG | 1.5 | 8 | Asia/Singapore | en-GB,en-US,en:50 en-SG,en:30 zh-CN,zh,en:20 | chinese:70 indian:18 arabic:12 | gmail.com:82 outlook.com:6 icloud.com:8 hotmail.com:4 | +659####### | com.sg | 116.87.0.0/16 219.74.0.0/16 | 116.87.0.0/16
MY | 1 | 8 | Asia/Kuala_Lumpur | en-US,en,ms:50 ms-MY,ms,en:20 zh-CN,zh,en:30 | indonesian:50 chinese:36 indian:14 | gmail.com:86 yahoo.com:6 outlook.com:4 icloud.com:4 | +6012####### | com.my | 175.136.0.0/13 60.48.0.0/14 | 60.48.0.0/14
TH | 1 | 7 | Asia/Bangkok | th-TH,th,en:80 en-US,en:20 | thai:100 | gmail.com:84 hotmail.com:10 outlook.co.th:4 icloud.com:2 | +668######## | co.th | 171.96.0.0/13 | 1.46.0.0/15
ZA | 1 | 2 | Africa/Johannesburg | en-ZA,en-GB,en:60 en-US,en:40 | english:55 african:45 | gmail.com:82 outlook.com:8 icloud.com:6 mweb.co.za:4 | +2782####### | co.za | 197.80.0.0/13 | 41.0.0.0/13
IL | 1 | 2 | Asia/Jerusalem | he-IL,he,en-US,en:70 en-US,en,he:30 | hebrew:80 arabic:20 | gmail.com:88 walla.co.il:4 outlook.com:4 icloud.com:4 | +97250####### | co.il | 84.94.0.0/15 | 84.94.0.0/15
`;

const weightsOf = <T>(text: string, read: (name: string) => T): readonly (readonly [T, number])[] =>
  text.split(' ').map((part) => {
    const colon = part.lastIndexOf(':');
    return [read(part.slice(0, colon)), Number(part.slice(colon + 1))];
  });

const countryOf = (row: string): Country => {
  const cell = row.split(' | ');
  const [code = '', weight, offsetH, zones = '', languages = '', cultures = '', mail = '', phone = '', tld = ''] = cell;
  const [home = '', mobile = ''] = cell.slice(9);
  return {
    code,
    weight: Number(weight),
    offsetH: Number(offsetH),
    zones: zones.split(' '),
    languages: weightsOf(languages, (list) => list.split(',')),
    cultures: weightsOf(cultures, (name) => name),
    mail: weightsOf(mail, (domain) => domain),
    phone,
    tld,
    home: networks(home),
    mobile: networks(mobile),
  };
};

export const countries: readonly Country[] = rows.trim().split('\n').map(countryOf);

const byCode = new Map(countries.map((country) => [country.code, country]));
const [anyCountry] = countries;

/** A country of the table; the first one where the code is not in it. */
export function countryByCode(code: string): Country {
  const country = byCode.get(code) ?? anyCountry;
  if (country === undefined) throw new Error('the table of countries is empty');
  return country;
}

export const countryWeights: readonly (readonly [Country, number])[] = countries.map((country) => [
  country,
  country.weight,
]);
