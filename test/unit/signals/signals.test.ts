import { describe, expect, it } from '@jest/globals';
import { isKnown, Unavailable } from '../../../src/model/value.js';
import { signalCatalogue } from '../../../src/signals/catalogue.js';
import { signalRegistry } from '../../../src/signals/registry.js';
import { planSignals } from '../../../src/signals/write-signals.js';
import { readSignals, signalPorts, signalTime } from '../../support/signal-readings.js';

const chromeOnWindows =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const safariOnMac =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15';
const chromeOnAndroid =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36';

describe('the registry', () => {
  it('computes exactly the signals of the catalogue, each named once', () => {
    const names = signalCatalogue.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(signalRegistry).sort()).toEqual([...names].sort());
  });

  it('gives values of the type, and of the closed set, that the catalogue promises', () => {
    const full = readSignals({
      remembered: { parts: {}, evidence: { phone: 'p', document: 'd', email: 'e', payment: 'm', business: 'b' } },
      event: {
        ip: '203.0.113.77',
        user_agent: chromeOnWindows,
        accept_language: 'zh-CN,en;q=0.5',
        account: {
          id: 'a',
          organization: 'Bright Tutor LLC',
          plan: 'p',
          path: 'standard',
          declared_country: 'US',
          referrer: 'direct',
        },
        email: { address: 'li.wei.88213@brighttutor.com', verified: true },
        phone: { number: '+442079460123', verified: false },
        device: {
          fingerprint: 'fp',
          confidence: 0.9,
          platform: 'Win32',
          timezone: 'Asia/Shanghai',
          languages: ['zh-CN'],
          screen: '1920x1080',
          gpu: 'ANGLE (Intel, Direct3D11)',
          webdriver: false,
          touch: false,
          client_hints: { platform: 'Windows', mobile: false },
          ja4: 't13d1516h2_8daaf6152771_b186095e22b6',
          form_ms: 1840,
        },
        payment: { fingerprint: 'pm', bin: '457173', brand: 'Visa', funding: 'credit', country: 'US' },
        api_key: { id: 'k', scopes: ['messages'] },
      },
      attributes: {
        asn: 64500,
        asName: 'Example',
        country: 'US',
        isVpn: false,
        isPublicProxy: false,
        isResidentialProxy: false,
        isTor: false,
        isHosting: false,
        isRelay: false,
        isShared: false,
      },
    });
    for (const { name, type, values } of signalCatalogue) {
      const reading = full[name];
      if (!isKnown(reading)) continue;
      expect([name, typeof reading]).toEqual([name, type]);
      if (values !== undefined) expect(values).toContain(reading);
    }
    const absent = signalCatalogue.filter(({ name }) => full[name] === undefined).map(({ name }) => name);
    const ofUse = signalCatalogue.map(({ name }) => name).filter((name) => name.startsWith('usage.'));
    expect(absent).toEqual([
      'ip.prefix48',
      'ua.program',
      'email.mailbox',
      'key_delay.seconds',
      'key_delay.bucket',
      ...ofUse,
    ]);
  });

  it('leaves what an event does not carry absent, never false or zero', () => {
    const bare = readSignals({ event: { type: 'payment_method_added' } });
    const known = Object.entries(bare).filter(([, reading]) => reading !== undefined);
    expect(Object.fromEntries(known)).toEqual({
      'event.type': 'payment_method_added',
      'account.id': 'a1',
      'account.verified': false,
      'account.age_s': 0,
    });
  });

  it('says that addresses cannot be looked up rather than that nothing is known', () => {
    const readings = readSignals({ event: { ip: '203.0.113.7' }, ports: { ...signalPorts(), ip: undefined } });
    expect(readings['ip.is_vpn']).toEqual(new Unavailable('ip_intel_unavailable'));
    expect(readings['signup.ip_kind']).toEqual(new Unavailable('ip_intel_unavailable'));
    expect(readings['ip.prefix']).toBe('203.0.113.0/24');
  });

  it('does not throw when a parser does', () => {
    const broken = {
      ...signalPorts(),
      userAgents: {
        parse: () => {
          throw new Error('broken');
        },
      },
    };
    const slots = [undefined];
    const input = {
      event: { type: 'signup' as const, event_id: 'e', account: { id: 'a' }, user_agent: 'x' },
      remembered: undefined,
      at: 0,
    };
    planSignals([{ name: 'device.os', slot: 0 }]).write(input, broken, slots);
    expect(slots[0]).toBeInstanceOf(Unavailable);
  });
});

describe('address signals', () => {
  it('gives prefixes of both families and takes mapped addresses as IPv4', () => {
    expect(readSignals({ event: { ip: '::ffff:203.0.113.77' } })).toMatchObject({
      'ip.version': 4,
      'ip.address': '203.0.113.77',
      'ip.prefix': '203.0.113.0/24',
    });
    expect(readSignals({ event: { ip: '2001:db8:1:2:3::4' } })).toMatchObject({
      'ip.prefix': '2001:db8:1:2::/64',
      'ip.prefix48': '2001:db8:1::/48',
    });
  });

  it.each([
    [{ isRelay: true, isVpn: true }, 'relay'],
    [{ isTor: true }, 'vpn'],
    [{ isVpn: false, isHosting: true }, 'hosting'],
    [{ isShared: true, isVpn: false }, 'shared'],
    [{ isVpn: false, isHosting: false }, 'home'],
    [{ isVpn: false }, 'unknown'],
    [{}, 'unknown'],
  ])('takes %j for %s', (attributes, kind) => {
    expect(readSignals({ event: { ip: '203.0.113.7' }, attributes })['ip.kind']).toBe(kind);
  });
});

describe('place signals', () => {
  const at = (country: string, device: object) =>
    readSignals({ event: { ip: '203.0.113.7', device }, attributes: { country } });

  it('compares the timezone with all zones of the country, aliases included', () => {
    expect(at('IN', { timezone: 'Asia/Kolkata' })['geo.timezone_mismatch']).toBe(false);
    expect(at('IN', { timezone: 'Asia/Calcutta' })['geo.timezone_mismatch']).toBe(false);
    expect(at('US', { timezone: 'Pacific/Honolulu' })['geo.timezone_mismatch']).toBe(false);
    expect(at('US', { timezone: 'Asia/Shanghai' })['geo.timezone_mismatch']).toBe(true);
    expect(at('US', { timezone: 'UTC' })['geo.timezone_mismatch']).toBeUndefined();
    expect(at('US', { timezone: 'Nowhere/Land' })['geo.timezone_mismatch']).toBeUndefined();
  });

  it('finds a language strange only when none fits, and English never', () => {
    expect(at('DE', { languages: ['de-DE'] })['geo.language_mismatch']).toBe(false);
    expect(at('CH', { languages: ['it'] })['geo.language_mismatch']).toBe(false);
    expect(at('DE', { languages: ['zh-CN'] })['geo.language_mismatch']).toBe(true);
    expect(at('DE', { languages: ['zh-CN', 'en'] })['geo.language_mismatch']).toBe(false);
    expect(at('DE', {})['geo.language_mismatch']).toBeUndefined();
  });

  it('tells the local hour by the device, else by a country of one zone', () => {
    expect(at('US', { timezone: 'Asia/Shanghai' })['geo.local_hour']).toBe(20);
    expect(at('DE', {})['geo.local_hour']).toBe(14);
    expect(at('US', {})['geo.local_hour']).toBeUndefined();
  });

  it('needs two known countries to compare', () => {
    expect(at('US', {})['geo.country_mismatch']).toBeUndefined();
    const card = readSignals({
      event: { ip: '203.0.113.7', payment: { country: 'FR' } },
      attributes: { country: 'US' },
    });
    expect(card).toMatchObject({ 'geo.country_mismatch': true, 'geo.ip_card_mismatch': true });
    expect(card['geo.card_phone_mismatch']).toBeUndefined();
  });
});

describe('device signals', () => {
  it.each([
    ['Windows with MacIntel', chromeOnWindows, { platform: 'MacIntel' }, 'device.ua_platform_mismatch', true],
    ['a Mac with MacIntel', safariOnMac, { platform: 'MacIntel' }, 'device.ua_platform_mismatch', false],
    ['Android with Linux armv8l', chromeOnAndroid, { platform: 'Linux armv8l' }, 'device.ua_platform_mismatch', false],
    ['an unheard-of platform', chromeOnWindows, { platform: 'BeOS' }, 'device.ua_platform_mismatch', undefined],
    ['SwiftShader', chromeOnWindows, { gpu: 'Google SwiftShader' }, 'device.gpu_mismatch', true],
    ['an Apple GPU on Windows', chromeOnWindows, { gpu: 'Apple M2' }, 'device.gpu_mismatch', true],
    ['an Apple GPU on a Mac', safariOnMac, { gpu: 'Apple GPU' }, 'device.gpu_mismatch', false],
    [
      'Chrome without TLS 1.3',
      chromeOnWindows,
      { ja4: 't12d190800_d83cc789557e_7af1ed941c26' },
      'device.ja4_mismatch',
      true,
    ],
    [
      'Chrome with TLS 1.3 and h2',
      chromeOnWindows,
      { ja4: 't13d1516h2_8daaf6152771_b186095e22b6' },
      'device.ja4_mismatch',
      false,
    ],
    ['a handshake text of another form', chromeOnWindows, { ja4: 'hello' }, 'device.ja4_mismatch', undefined],
    ['a phone without touch', chromeOnAndroid, { touch: false }, 'device.touch_mismatch', true],
    [
      'hints of another system',
      chromeOnWindows,
      { client_hints: { platform: '"macOS"' } },
      'device.client_hints_mismatch',
      true,
    ],
  ])('judges %s', (_what, user_agent, device, name, expected) => {
    expect(readSignals({ event: { user_agent, device } })[name]).toBe(expected);
  });

  it.each([
    ['Go-http-client/2.0', 'go-http-client'],
    ['modelapi-python/1.31.0 (linux; cpython 3.12.4) httpx/0.28.1', 'modelapi-python'],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'googlebot'],
    ['-bot-', 'unnamed'],
  ])('names the program of %s', (user_agent, program) => {
    expect(readSignals({ event: { user_agent } })['ua.program']).toBe(program);
  });

  it('is consistent only when something could be compared', () => {
    expect(
      readSignals({ event: { user_agent: chromeOnWindows, device: { platform: 'Win32' } } })['device.is_consistent'],
    ).toBe(true);
    expect(readSignals({ event: { user_agent: chromeOnWindows } })['device.is_consistent']).toBeUndefined();
  });

  it('reads browser, age and automation from the user agent', () => {
    expect(readSignals({ event: { user_agent: chromeOnWindows } })).toMatchObject({
      'ua.template': 'Chrome/130/Windows',
      'device.browser_age_d': 563,
      'device.is_automation': false,
      'device.is_bot': false,
    });
    expect(readSignals({ event: { user_agent: 'curl/8.0' } })).toMatchObject({ 'device.is_bot': true });
    expect(readSignals({ event: { user_agent: chromeOnWindows } })['ua.program']).toBeUndefined();
    expect(readSignals({ event: { user_agent: chromeOnWindows.replace('Chrome', 'HeadlessChrome') } })).toMatchObject({
      'device.is_automation': true,
    });
  });
});

describe('mail and phone signals', () => {
  const mail = (address: string, organization?: string) =>
    readSignals({ event: { email: { address }, account: { id: 'a', organization } } });

  it.each([
    ['L.i.Wei+x@GoogleMail.com', 'liwei@gmail.com'],
    ['a.b+news@outlook.com', 'a.b@outlook.com'],
    ['a.b-news@yahoo.com', 'a.b@yahoo.com'],
    ['A.B+c@company.example', 'a.b+c@company.example'],
    ['x@BÜCHER.example', 'x@xn--bcher-kva.example'],
    ['"A B"@x.example', '"a b"@x.example'],
    ['"a@b"@x.example', '"a@b"@x.example'],
    ['"L.i.\\Wei+x"@gmail.com', 'liwei@gmail.com'],
    ['ｌｉ\u200b.w\u00ade\u2060i@gmail.com', 'liwei@gmail.com'],
    ['Vic.tim@ｇｍａｉｌ。ＣＯＭ。', 'victim@gmail.com'],
    ['li-w_e.i+x@pm.me', 'liwei@proton.me'],
    ['liwei@protonmail.com', 'liwei@proton.me'],
    ['liwei@protonmail.ch', 'liwei@proton.me'],
    ['li.wei+x@me.com', 'li.wei@icloud.com'],
    ['li.wei@mac.com', 'li.wei@icloud.com'],
    ['li.wei@ya.ru', 'li.wei@yandex.ru'],
    ['li.wei@yandex.com', 'li.wei@yandex.ru'],
    ['li.wei-news@yahoo.co.uk', 'li.wei@yahoo.co.uk'],
    ['li.wei-news@yahoo.co.jp', 'li.wei-news@yahoo.co.jp'],
    ['a@[192.0.2.1]', 'a@[192.0.2.1]'],
    ['a@[IPv6:2001:DB8:0::1]', 'a@[ipv6:2001:db8::1]'],
  ])('reads %s as %s', (address, canonical) => {
    expect(mail(address)['email.address']).toBe(canonical);
  });

  it('knows the mailbox behind a tag that nobody folds', () => {
    expect(mail('Team+Shop@company.example')['email.mailbox']).toBe('team@company.example');
    expect(mail('team+shop+2@company.example')['email.mailbox']).toBe('team@company.example');
    for (const untagged of ['team@company.example', '+shop@company.example', 'li+wei@gmail.com'])
      expect(mail(untagged)['email.mailbox']).toBeUndefined();
  });

  it('leaves the domain as it was written where another one is the same mailbox', () => {
    expect(mail('li.wei@pm.me')['email.domain']).toBe('pm.me');
    expect(mail('li.wei@me.com')['email.domain']).toBe('me.com');
  });

  it('describes the local part', () => {
    expect(mail('li.wei.88213@mail.example')).toMatchObject({
      'email.shape': 'l2.l3.d5',
      'email.style': 'l.l.d5',
      'email.looks_generated': false,
    });
    expect(mail('k3j9x2p7q@mail.example')['email.looks_generated']).toBe(true);
    expect(mail('katharina.schmidt1987@mail.example')['email.looks_generated']).toBe(false);
    expect(mail('aaaa@mail.example')['email.entropy']).toBe(0);
    expect(mail('info@mail.example')['email.is_role']).toBe(true);
  });

  it('knows free, throw-away and relay mail, by parent domains too', () => {
    expect(mail('a@gmail.com')).toMatchObject({ 'email.is_free': true, 'email.is_disposable': false });
    expect(mail('a@sub.mailinator.com')).toMatchObject({
      'email.is_disposable': true,
      'email.registrable_domain': 'mailinator.com',
    });
    expect(mail('a@privaterelay.appleid.com')).toMatchObject({ 'email.is_relay': true });
  });

  it('matches an organization by its distinctive word', () => {
    expect(mail('a@brighttutor.com', 'Bright Tutor LLC')['email.matches_organization']).toBe(true);
    expect(mail('a@elsewhere.com', 'Bright Tutor LLC')['email.matches_organization']).toBe(false);
    expect(mail('a@elsewhere.com')['email.matches_organization']).toBeUndefined();
  });

  it('reads country and type of a phone where the plan tells', () => {
    const phone = (number: string) => readSignals({ event: { phone: { number } } });
    expect(phone('+447400123456')).toMatchObject({
      'phone.country': 'GB',
      'phone.type': 'mobile',
      'phone.prefix': '+44740012',
    });
    expect(phone('+14155552671')).toMatchObject({ 'phone.country': 'US' });
    expect(phone('+14155552671')['phone.type']).toBeUndefined();
    expect(phone('+4407400123456')).toEqual(phone('+447400123456'));
    // The zero is part of the number in Italy; 999 is nobody's.
    expect(phone('+390612345678')['phone.number']).toBe('+390612345678');
    expect(phone('+99901234567')['phone.number']).toBe('+99901234567');
  });
});

describe('fingerprints', () => {
  const read = (fingerprint: string) => readSignals({ event: { device: { fingerprint }, payment: { fingerprint } } });

  it.each(['fp_AbC', 'fp_AbC ', '\tfp_AbC\n', ' fp_\u200bAbC\u2060', '\u00adfp_A\0bC'])(
    'are one however they are padded: %j',
    (fingerprint) => {
      expect(read(fingerprint)).toMatchObject({ 'device.fingerprint': 'fp_AbC', 'payment.fingerprint': 'fp_AbC' });
    },
  );

  it('keep what is seen, and are absent where nothing is', () => {
    expect(read('fp_ A b')['device.fingerprint']).toBe('fp_ A b');
    expect(read('fp_é')['device.fingerprint']).toBe('fp_é');
    expect(read(' \u200b ')['device.fingerprint']).toBeUndefined();
  });
});

describe('account signals', () => {
  it("take the signup's address and time from memory", () => {
    const remembered = {
      parts: { plan: 'api', email: { address: 'a@b.example' } },
      signup: { at: signalTime - 45_000, ip: '198.51.100.9' },
      firstSeenAt: signalTime - 60_000,
    };
    expect(
      readSignals({ event: { type: 'api_key_created', ip: '203.0.113.7', api_key: { id: 'k' } }, remembered }),
    ).toMatchObject({
      'account.plan': 'api',
      'account.age_s': 60,
      'email.domain': 'b.example',
      'signup.prefix': '198.51.100.0/24',
      'signup.age_s': 45,
      'key_delay.seconds': 45,
      'key_delay.bucket': 'under_1m',
    });
  });

  it("prefer the event's own part to the remembered one", () => {
    const remembered = { parts: { plan: 'old', payment: { country: 'US' } } };
    expect(readSignals({ event: { account: { id: 'a', plan: 'new' } }, remembered })).toMatchObject({
      'account.plan': 'new',
      'payment.country': 'US',
    });
  });
});
