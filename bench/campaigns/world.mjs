/**
 * A made-up internet: countries with their carriers, banks and mail, hosters, VPN exits, privacy relays. Addresses are handed
 * out in /16s from 20.0.0.0 on; the tables are written beside the events and given to replay with `--data`.
 */
const C = (code, weight, zones, languages, mail, phone) => ({ code, weight, zones, languages, mail, phone });
const countries = [
  C(
    'US',
    22,
    ['America/New_York', 'America/Chicago', 'America/Los_Angeles', 'America/Denver'],
    ['en-US'],
    ['gmail.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'hotmail.com', 'proton.me', 'aol.com'],
    '+1212',
  ),
  C(
    'IN',
    15,
    ['Asia/Kolkata'],
    ['en-IN', 'hi-IN'],
    ['gmail.com', 'yahoo.com', 'outlook.com', 'rediffmail.com'],
    '+9198',
  ),
  C(
    'BR',
    7,
    ['America/Sao_Paulo'],
    ['pt-BR'],
    ['gmail.com', 'hotmail.com', 'outlook.com', 'uol.com.br', 'bol.com.br'],
    '+55119',
  ),
  C(
    'DE',
    7,
    ['Europe/Berlin'],
    ['de-DE', 'en-US'],
    ['gmail.com', 'gmx.de', 'web.de', 't-online.de', 'outlook.com', 'posteo.de'],
    '+49151',
  ),
  C(
    'GB',
    6,
    ['Europe/London'],
    ['en-GB'],
    ['gmail.com', 'outlook.com', 'hotmail.co.uk', 'icloud.com', 'yahoo.co.uk'],
    '+4477',
  ),
  C('FR', 5, ['Europe/Paris'], ['fr-FR'], ['gmail.com', 'orange.fr', 'outlook.fr', 'free.fr', 'laposte.net'], '+3361'),
  C('JP', 5, ['Asia/Tokyo'], ['ja-JP', 'ja'], ['gmail.com', 'yahoo.co.jp', 'icloud.com', 'outlook.jp'], '+8190'),
  C('KR', 4, ['Asia/Seoul'], ['ko-KR'], ['gmail.com', 'naver.com', 'daum.net'], '+8210'),
  C('TW', 2, ['Asia/Taipei'], ['zh-TW'], ['gmail.com', 'yahoo.com.tw', 'outlook.com'], '+8869'),
  C('SG', 2, ['Asia/Singapore'], ['en-SG', 'zh-SG'], ['gmail.com', 'outlook.com', 'icloud.com'], '+659'),
  C('CN', 3, ['Asia/Shanghai'], ['zh-CN'], ['gmail.com', 'outlook.com', 'qq.com', '163.com', 'foxmail.com'], '+86138'),
  C('ID', 5, ['Asia/Jakarta'], ['id-ID', 'en-US'], ['gmail.com', 'yahoo.com', 'outlook.com'], '+62812'),
  C('VN', 3, ['Asia/Ho_Chi_Minh'], ['vi-VN'], ['gmail.com', 'outlook.com'], '+8490'),
  C('NG', 3, ['Africa/Lagos'], ['en-NG', 'en-US'], ['gmail.com', 'yahoo.com'], '+23480'),
  C('ES', 3, ['Europe/Madrid'], ['es-ES'], ['gmail.com', 'hotmail.com', 'outlook.es'], '+346'),
  C('MX', 3, ['America/Mexico_City'], ['es-MX'], ['gmail.com', 'hotmail.com', 'outlook.com'], '+5255'),
  C('PL', 2, ['Europe/Warsaw'], ['pl-PL'], ['gmail.com', 'wp.pl', 'o2.pl', 'interia.pl'], '+4860'),
  C('TR', 2, ['Europe/Istanbul'], ['tr-TR'], ['gmail.com', 'hotmail.com', 'outlook.com'], '+9053'),
  C(
    'CA',
    2,
    ['America/Toronto', 'America/Vancouver'],
    ['en-CA', 'fr-CA'],
    ['gmail.com', 'outlook.com', 'yahoo.ca'],
    '+1416',
  ),
  C('NL', 2, ['Europe/Amsterdam'], ['nl-NL', 'en-US'], ['gmail.com', 'outlook.com', 'ziggo.nl', 'kpnmail.nl'], '+316'),
];
const syllables = [
  'ka',
  'mi',
  'ro',
  'an',
  'el',
  'ta',
  'shi',
  'be',
  'lu',
  'or',
  'na',
  'vi',
  'jo',
  'sen',
  'mar',
  'du',
  'pe',
  'wi',
  'ha',
  'li',
  'go',
  'fer',
  'ya',
  'chen',
  'sa',
  'ti',
  'wen',
  'ber',
  'kov',
  'ez',
  'ski',
  'ra',
];

export class World {
  #next = 20 * 256;
  #asn = 64_600;
  asns = [];
  places = [];
  lists = { vpn: [], hosting_asns: [], relay: [], residential_proxy: [], shared_network: [], public_proxy: [] };

  constructor(dice) {
    this.dice = dice;
    this.names = Array.from({ length: 2500 }, () => this.#word(dice.whole(2, 3)));
    this.countries = countries.map((country) => this.#country(country));
    this.hosters = Array.from({ length: 18 }, (_, i) => this.#hoster(i));
    this.relay = this.#allocate('Relay Egress', 'US', 1);
    this.lists.relay.push(`${this.relay.blocks[0]}.0.0/16`);
    /** Banks without branches: one range, many countries, virtual cards for honest people. */
    this.neobanks = [bin(dice, '51'), bin(dice, '43'), bin(dice, '47')];
    this.programs = Array.from({ length: 14 }, () => bin(dice, '48'));
  }

  #word = (length) => Array.from({ length }, () => this.dice.one(syllables)).join('');
  person = () => [this.dice.ranked(this.names, 0.7), this.dice.ranked(this.names, 0.5)];
  domain = () =>
    `${this.#word(2)}${this.dice.chance(0.4) ? this.dice.one(['labs', 'tech', 'soft', 'app', 'data', 'group']) : this.#word(1)}.${this.dice.one(['com', 'io', 'net', 'co', 'dev', 'example'])}`;

  #country(country) {
    const { dice } = this;
    const isps = Array.from({ length: dice.whole(3, 7) }, (_, i) =>
      this.#allocate(`${country.code} Broadband ${i}`, country.code, dice.whole(2, 6)),
    );
    const carriers = Array.from({ length: dice.whole(2, 4) }, (_, i) => {
      const carrier = this.#allocate(`${country.code} Mobile ${i}`, country.code, 1);
      return {
        ...carrier,
        exits: Array.from(
          { length: dice.whole(6, 30) },
          () => `${carrier.blocks[0]}.${dice.whole(0, 15)}.${dice.whole(1, 254)}`,
        ),
      };
    });
    const business = this.#allocate(`${country.code} Business Access`, country.code, 1);
    const banks = Array.from({ length: dice.whole(8, 30) }, () => ({
      bin: bin(dice, dice.one(['4', '5', '52', '41'])),
      funding: dice.weighted([
        ['credit', 5],
        ['debit', 5],
        ['prepaid', 0.4],
      ]),
    }));
    return { ...country, isps, carriers, business, banks };
  }

  #hoster(i) {
    const hoster = this.#allocate(`Hosting ${i}`, this.dice.one(['US', 'DE', 'NL', 'SG', 'JP', 'GB']), 1);
    const exits =
      i < 10
        ? Array.from({ length: this.dice.whole(3, 14) }, () => `${hoster.blocks[0]}.${this.dice.whole(0, 255)}`)
        : [];
    if (this.dice.chance(0.8)) this.lists.hosting_asns.push(`AS${hoster.asn}`);
    this.lists.vpn.push(...exits.filter(() => this.dice.chance(0.75)).map((exit) => `${exit}.0/24`));
    return { ...hoster, exits };
  }

  #allocate(name, country, count) {
    const asn = this.#asn++;
    const blocks = Array.from({ length: count }, () => {
      const at = this.#next++;
      return `${at >> 8}.${at & 255}`;
    });
    for (const block of blocks) {
      this.asns.push(`${block}.0.0,${block}.255.255,${asn},${name}`);
      this.places.push(`${block}.0.0,${block}.255.255,${country}`);
    }
    return { asn, blocks, name };
  }

  country = (code) =>
    code === undefined
      ? this.dice.weighted(this.countries.map((c) => [c, c.weight]))
      : this.countries.find((c) => c.code === code);
  home(country) {
    const isp = this.dice.ranked(country.isps, 0.8);
    return `${this.dice.one(isp.blocks)}.${this.dice.whole(0, 255)}.${this.dice.whole(1, 254)}`;
  }
  mobile = (country) => this.dice.one(this.dice.ranked(country.carriers, 0.6).exits);
  vpn = () =>
    `${this.dice.ranked(
      this.dice.ranked(
        this.hosters.filter(({ exits }) => exits.length > 0),
        0.8,
      ).exits,
      0.6,
    )}.${this.dice.ranked(
      Array.from({ length: 12 }, (_, i) => i + 10),
      0.5,
    )}`;
  server = () => `${this.dice.one(this.hosters).blocks[0]}.${this.dice.whole(0, 255)}.${this.dice.whole(1, 254)}`;
  relayExit = () => `${this.relay.blocks[0]}.${this.dice.whole(0, 30)}.${this.dice.whole(1, 254)}`;
  /** One egress of a campus, an office or a hall; some are known to be shared. */
  venue(country) {
    const prefix = `${country.business.blocks[0]}.${this.dice.whole(0, 255)}`;
    if (this.dice.chance(0.25)) this.lists.shared_network.push(`${prefix}.0/24`);
    const exits = this.dice.whole(1, 4);
    return () => `${prefix}.${10 + this.dice.whole(0, exits - 1)}`;
  }
}

const bin = (dice, start) => `${start}${dice.text(8 - start.length, '0123456789')}`;
