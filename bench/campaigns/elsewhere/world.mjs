/**
 * A third made-up internet, with other habits than the first two: a third of the homes on IPv6 with a /64 of their own, few
 * large banks (six-digit ranges), one provider of free mail that nearly everybody in a country has, other ways to make names.
 */
const C = (code, weight, zone, language, mail, phone, offset) => ({
  code,
  weight,
  zone,
  language,
  mail,
  phone,
  offset,
});
const countries = [
  C('IT', 12, 'Europe/Rome', 'it-IT', ['gmail.com', 'libero.it', 'hotmail.it', 'virgilio.it'], '+393', 1),
  C('CZ', 8, 'Europe/Prague', 'cs-CZ', ['seznam.cz', 'gmail.com', 'email.cz'], '+4207', 1),
  C('UA', 8, 'Europe/Kyiv', 'uk-UA', ['gmail.com', 'ukr.net', 'i.ua'], '+38067', 2),
  C('EG', 8, 'Africa/Cairo', 'ar-EG', ['gmail.com', 'yahoo.com'], '+2010', 2),
  C('PH', 9, 'Asia/Manila', 'en-PH', ['gmail.com', 'yahoo.com'], '+639', 8),
  C('KR', 9, 'Asia/Seoul', 'ko-KR', ['naver.com', 'gmail.com', 'daum.net'], '+8210', 9),
  C('AR', 7, 'America/Argentina/Buenos_Aires', 'es-AR', ['gmail.com', 'hotmail.com'], '+54911', -3),
  C('US', 18, 'America/Chicago', 'en-US', ['gmail.com', 'icloud.com', 'yahoo.com', 'outlook.com'], '+1312', -6),
  C('AU', 7, 'Australia/Sydney', 'en-AU', ['gmail.com', 'bigpond.com', 'outlook.com'], '+614', 10),
  C('KE', 5, 'Africa/Nairobi', 'en-KE', ['gmail.com'], '+2547', 3),
  C('SE', 5, 'Europe/Stockholm', 'sv-SE', ['gmail.com', 'hotmail.com', 'telia.com'], '+467', 1),
  C('PK', 6, 'Asia/Karachi', 'ur-PK', ['gmail.com', 'yahoo.com', 'hotmail.com'], '+923', 5),
];
const starts = ['b', 'd', 'f', 'g', 'h', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z', 'st', 'tr', 'gr'];
const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ou'];
const digits = '0123456789';

export class World {
  #asn = 131_500;
  #next = 60 * 256;
  #next6 = 0x2a20;
  asns = [];
  places = [];
  lists = { vpn: [], hosting_asns: [], relay: [], residential_proxy: [], shared_network: [] };

  constructor(dice) {
    this.dice = dice;
    const word = (n) => Array.from({ length: n }, () => dice.one(starts) + dice.one(vowels)).join('');
    this.word = word;
    this.given = Array.from({ length: 600 }, () => word(dice.whole(2, 3)));
    this.family = Array.from({ length: 4000 }, () => word(dice.whole(2, 4)));
    this.fintech = [`5${dice.text(5, digits)}`, `4${dice.text(5, digits)}`];
    this.prepaid = Array.from({ length: 10 }, () => `4${dice.text(5, digits)}`);
    this.countries = countries.map((country) => ({
      ...country,
      isps: Array.from({ length: dice.whole(2, 5) }, (_, i) =>
        this.#carrier(`${country.code} Net ${i}`, country.code, 3),
      ),
      mobile: Array.from({ length: 2 }, (_, i) => this.#carrier(`${country.code} Cell ${i}`, country.code, 1)),
      cgnat: dice.chance(0.35),
      banks: Array.from({ length: dice.whole(3, 9) }, () => `${dice.one(['4', '5'])}${dice.text(5, digits)}`),
    }));
    this.hosters = Array.from({ length: 12 }, (_, i) => {
      const hoster = this.#carrier(`Servers ${i}`, dice.one(['US', 'SE', 'AU', 'CZ']), 1);
      if (dice.chance(0.6)) this.lists.hosting_asns.push(`AS${hoster.asn}`);
      return hoster;
    });
    this.vpns = this.hosters.slice(0, 5).map((hoster) => {
      const net = `${hoster.blocks[0]}.${dice.whole(0, 255)}`;
      if (dice.chance(0.7)) this.lists.vpn.push(`${net}.0/24`);
      return net;
    });
  }

  #carrier(name, country, count) {
    const asn = this.#asn++;
    const blocks = Array.from({ length: count }, () => {
      const at = this.#next++;
      return `${at >> 8}.${at & 255}`;
    });
    const six = (this.#next6++).toString(16);
    for (const [from, to] of [
      ...blocks.map((b) => [`${b}.0.0`, `${b}.255.255`]),
      [`${six}::`, `${six}:ffff:ffff:ffff:ffff:ffff:ffff:ffff`],
    ]) {
      this.asns.push(`${from},${to},${asn},${name}`);
      this.places.push(`${from},${to},${country}`);
    }
    return { asn, blocks, six };
  }

  country = (code) =>
    code === undefined
      ? this.dice.weighted(this.countries.map((c) => [c, c.weight]))
      : this.countries.find((c) => c.code === code);
  #hex = () => this.dice.whole(0, 65_535).toString(16);
  line(carrier, six = this.dice.chance(0.35)) {
    return six
      ? `${carrier.six}:${this.#hex()}:${this.#hex()}:${this.#hex()}::${this.dice.whole(1, 999)}`
      : `${this.dice.one(carrier.blocks)}.${this.dice.whole(0, 255)}.${this.dice.whole(1, 254)}`;
  }
  home(country) {
    return country.cgnat ? this.cell(country) : this.line(this.dice.ranked(country.isps, 0.7));
  }
  /** Few addresses for many people. */
  cell(country) {
    const carrier = this.dice.one(country.mobile);
    return `${carrier.blocks[0]}.7.${this.dice.whole(1, 40)}`;
  }
  venue(country) {
    const net = `${this.dice.one(this.dice.one(country.isps).blocks)}.${this.dice.whole(0, 255)}`;
    if (this.dice.chance(0.15)) this.lists.shared_network.push(`${net}.0/24`);
    return () => `${net}.${this.dice.whole(1, 3)}`;
  }
  server = () => this.line(this.dice.one(this.hosters), false);
  vpn = () => `${this.dice.ranked(this.vpns, 0.8)}.${this.dice.whole(2, 30)}`;
  person = () => [this.dice.ranked(this.given, 0.6), this.dice.ranked(this.family, 0.4)];
  domain = () => `${this.word(this.dice.whole(2, 3))}.${this.dice.one(['com', 'eu', 'org', 'co', 'cloud', 'ai'])}`;
}

/** How people write their names in addresses, in the order of how many do. */
export const manners = [
  (g, f) => `${g}.${f}`,
  (g, f, d) => `${g}${f}${d.whole(1, 99)}`,
  (g, f, d) => `${g[0]}${f}${d.chance(0.4) ? d.whole(80, 99) : ''}`,
  (g, f) => `${f}${g}`,
  (g, _f, d) => `${g}${d.whole(1970, 2008)}`,
  (g, f) => `${f}-${g}`,
  (g, f, d) => `${g}.${f}.${d.whole(1, 999)}`,
  (_g, f, d) => `${f}${d.text(2, digits)}`,
  (_g, _f, d) => d.text(d.whole(5, 12), 'aeioubcdfghjklmnprst0123456789'),
];
export const mailName = (world, dice) => dice.ranked(manners, 0.8)(...world.person(), dice);
