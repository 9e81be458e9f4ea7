import { countries } from './people.mjs';
import { browsers, privacyBrowsers, programs } from './user-agents.mjs';

/** What a signup is unless its crowd says otherwise: a person at home with a mailbox, mostly a phone and a card. */
function person(make, { kind = 'home', country, ip } = {}) {
  const { random } = make;
  const place = make.from(kind);
  const home = country ?? place.country;
  return {
    ip: ip ?? place.ip,
    ...make.device(home),
    email: make.mail(),
    ...(random.chance(0.6) ? { phone: make.phone(home) } : {}),
    payment: random.chance(0.85) ? make.card(home) : undefined,
    account: { path: 'standard', declared_country: home },
    keyAfterS: Math.round(20 * 2 ** (random.next() * 12)),
  };
}

const elsewhere = (make, country) => make.random.pick(countries.filter((other) => other !== country));
const away = (make) => {
  const base = person(make);
  return { base, home: base.account.declared_country, other: elsewhere(make, base.account.declared_country) };
};

/** Honest people: share of the whole, and one signup (or a whole group at once: `group` members within `withinS`). */
export const honestCrowds = {
  home: { share: 30, one: (make) => person(make) },
  mobile_carrier: { share: 12, one: (make) => person(make, { kind: 'mobile' }) },
  vpn_real_card: {
    share: 8,
    one: (make) => {
      const home = make.random.pick(['US', 'GB', 'DE', 'FR', 'CA']);
      return { ...person(make, { country: home }), ip: make.from('vpn').ip, payment: make.card(home) };
    },
  },
  privacy_relay: {
    share: 4,
    one: (make) => ({
      ...person(make, { country: 'US' }),
      ip: make.from('relay').ip,
      email: {
        address: `${make.random.letters(6)}_${make.random.letters(4)}.0${make.random.int(1, 9)}@privaterelay.appleid.com`,
        verified: true,
      },
    }),
  },
  tor_or_privacy_browser: {
    share: 4,
    one: (make) => {
      const base = person(make, { country: 'US' });
      const { agent } = make.random.pick(privacyBrowsers);
      const ip = make.random.chance(0.4) ? make.from('tor').ip : base.ip;
      return {
        ...base,
        ip,
        user_agent: agent,
        device: { timezone: 'UTC', languages: ['en-US', 'en'], form_ms: 22_000 },
        email: make.mail('proton.me'),
      };
    },
  },
  mover: {
    share: 4,
    one: (make) => {
      const { base, other } = away(make);
      return { ...base, payment: make.card(other), phone: make.phone(other) };
    },
  },
  traveller: {
    share: 4,
    one: (make) => {
      const { base, other } = away(make);
      return {
        ...base,
        ...make.device(other),
        payment: make.card(other),
        phone: make.phone(other),
        account: { path: 'standard', declared_country: other },
      };
    },
  },
  quick_developer: { share: 7, one: (make) => ({ ...person(make), keyAfterS: make.random.int(15, 40) }) },
  plus_tag_or_role_mail: {
    share: 4,
    one: (make) => {
      const [given, family] = make.name();
      const address = make.random.chance(0.5)
        ? `${given}.${family}${make.random.int(1, 999)}+api@gmail.com`
        : `${make.random.pick(['dev', 'admin', 'info'])}@${family}${make.random.int(10, 999)}.com`;
      return { ...person(make), email: { address, verified: true } };
    },
  },
  virtual_card: { share: 4, one: (make) => ({ ...person(make), payment: make.card('GB', 'virtual') }) },
  ci_runner: {
    share: 3,
    one: (make) => ({
      ...person(make),
      usedFrom: () => ({ ip: make.from('hosting').ip, user_agent: make.random.pick(programs.slice(0, 5)) }),
    }),
  },
  odd_device: {
    share: 2,
    one: (make) => {
      const base = person(make);
      return { ...base, device: { ...base.device, platform: make.random.pick(['Win32', 'MacIntel', 'Linux x86_64']) } };
    },
  },
  campus_class: { share: 6, group: 60, withinS: 3000, many: (make) => network(make, 'campus', campusStudent) },
  campus_lab: { share: 3, group: 30, withinS: 3000, many: (make) => labClass(make) },
  company_rollout: { share: 3, group: 30, withinS: 7200, many: (make) => companyRollout(make) },
  office: { share: 3, group: 25, withinS: 7200, many: (make) => network(make, 'home', colleague) },
  conference_wifi: { share: 4, group: 40, withinS: 3600, many: (make) => network(make, 'home', visitor) },
  family_card: { share: 3, group: 4, withinS: 86_400, many: (make) => household(make) },
};

function network(make, kind, member, shared = make.sharedPrefix(kind)) {
  const domain = `${make.random.letters(7)}.${member === campusStudent ? 'edu' : 'com'}`;
  return () => member(make, { country: shared.country, ip: shared.ip() }, domain);
}

const campusStudent = (make, place, domain) => ({
  ...person(make, place),
  email: { address: `s${make.random.digits(7)}@${domain}`, verified: true },
  account: { path: 'education', declared_country: place.country },
  keyAfterS: make.random.int(20, 600),
});
const colleague = (make, place, domain) => {
  const [given, family] = make.name();
  return {
    ...person(make, place),
    email: { address: `${given}.${family}${make.random.int(1, 9)}@${domain}`, verified: true },
  };
};
const visitor = (make, place) => ({
  ...person(make, { ...place, country: make.random.pick(['US', 'US', 'GB', 'DE', 'IN']) }),
  ip: place.ip,
  keyAfterS: make.random.int(15, 120),
});

/** Students in a room of equal computers: one kind of device, fingerprints that nearly agree. */
function labClass(make) {
  const room = make.sharedPrefix('campus');
  const student = network(make, 'campus', campusStudent, room);
  const { user_agent, accept_language, device } = make.device(room.country, desktopBrowser(make));
  return () => ({
    ...student(),
    user_agent,
    accept_language,
    device: { ...device, fingerprint: `fp_${make.random.hex(20)}`, form_ms: make.random.int(4_000, 60_000) },
  });
}

/** Colleagues with laptops of one model and company cards of one bank. */
function companyRollout(make) {
  const office = make.sharedPrefix('home');
  const member = network(make, 'home', colleague, office);
  const { user_agent, accept_language, device } = make.device(office.country, desktopBrowser(make));
  const range = make.random.pick(make.cardRangesOf(office.country));
  return () => ({
    ...member(),
    user_agent,
    accept_language,
    device: { ...device, fingerprint: `fp_${make.random.hex(20)}`, form_ms: make.random.int(4_000, 60_000) },
    payment: { ...make.card(office.country, 'credit'), bin: range },
  });
}

const desktopBrowser = (make) => make.random.pick(browsers.filter(({ platform }) => platform === 'Win32'));

function household(make) {
  const base = person(make);
  const payment = make.card(base.account.declared_country);
  return () => ({ ...person(make, { country: base.account.declared_country, ip: base.ip }), payment });
}

/** Signups that should not get through. */
export const abusiveCrowds = {
  farm: { share: 5, group: 60, withinS: 14_400, many: farm },
  careful_farm: { share: 4, group: 40, withinS: 14_400, many: carefulFarm },
  crude_bots: { share: 2, one: (make) => bot(make) },
};

/** The tactics that were reported: rented home addresses, a catch-all domain, virtual cards, a few devices. */
function farm(make) {
  const devices = Array.from({ length: 6 }, () => make.device('US'));
  const range = make.random.pick(make.cardRangesOf('US'));
  const cards = Array.from({ length: 9 }, () => ({ ...make.card('US', 'virtual'), bin: range }));
  const phones = Array.from({ length: 10 }, () => make.phone('US'));
  const domain = `${make.random.letters(8)}.com`;
  return () => {
    const used = make.random.pick(devices);
    return {
      ...person(make, { country: 'US' }),
      user_agent: used.user_agent,
      accept_language: used.accept_language,
      device: { ...used.device, confidence: 0.9, form_ms: make.random.int(300, 2500) },
      email: { address: `${make.random.letters(6)}${make.random.digits(4)}@${domain}`, verified: true },
      phone: make.random.pick(phones),
      payment: make.random.pick(cards),
      account: { path: make.random.pick(['standard', 'education', 'research', 'startup']), declared_country: 'US' },
      keyAfterS: make.random.int(3, 9),
    };
  };
}

/** Two accounts a device, three a card, ordinary mailboxes, human delays. */
function carefulFarm(make) {
  const range = make.random.pick(make.cardRangesOf('US'));
  const devices = Array.from({ length: 20 }, () => make.device('US'));
  const cards = Array.from({ length: 14 }, () => ({ ...make.card('US', 'virtual'), bin: range }));
  return () => {
    const used = make.random.pick(devices);
    return {
      ...person(make, { country: 'US' }),
      ...used,
      device: { ...used.device, form_ms: make.random.int(2_000, 9_000) },
      email: { address: `${make.random.letters(7)}${make.random.digits(4)}@outlook.com`, verified: true },
      payment: make.random.pick(cards),
      keyAfterS: make.random.int(20, 55),
    };
  };
}

function bot(make) {
  const base = person(make, { kind: 'hosting', country: 'US' });
  return {
    ...base,
    user_agent: make.random.pick(programs),
    device: { ...base.device, webdriver: true, form_ms: make.random.int(50, 600) },
    email: { address: `${make.random.letters(4)}${make.random.digits(5)}@mailinator.com`, verified: false },
    payment: make.card('US', 'prepaid'),
    keyAfterS: make.random.int(1, 4),
  };
}
