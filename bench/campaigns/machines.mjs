/** What browsers say of themselves. The date is the spring of 2026: Chrome 147 is current, Firefox 149, Safari 26. */
const kinds = [
  ['win-chrome', 32],
  ['win-edge', 9],
  ['win-firefox', 3],
  ['mac-chrome', 12],
  ['mac-safari', 8],
  ['linux-chrome', 4],
  ['linux-firefox', 2],
  ['ios-safari', 14],
  ['android-chrome', 18],
];
const screens = {
  win: [
    '1920x1080',
    '1536x864',
    '2560x1440',
    '1366x768',
    '1280x720',
    '3840x2160',
    '1440x900',
    '1600x900',
    '1680x1050',
    '3440x1440',
    '1920x1200',
  ],
  mac: ['1440x900', '1512x982', '1728x1117', '1470x956', '2560x1440', '1920x1080', '1680x1050', '3008x1692'],
  linux: ['1920x1080', '2560x1440', '1366x768', '3840x2160', '1600x900'],
  ios: ['390x844', '393x852', '430x932', '402x874', '375x812', '414x896', '428x926', '440x956'],
  android: [
    '360x800',
    '412x915',
    '393x873',
    '384x832',
    '412x892',
    '360x780',
    '393x851',
    '432x960',
    '412x846',
    '384x854',
  ],
};
const gpus = {
  win: [
    'Intel(R) UHD Graphics 620',
    'Intel(R) Iris(R) Xe Graphics',
    'NVIDIA GeForce RTX 3060',
    'AMD Radeon(TM) Graphics',
    'NVIDIA GeForce GTX 1650',
    'Intel(R) UHD Graphics',
    'NVIDIA GeForce RTX 4060',
    'NVIDIA GeForce RTX 4070',
    'AMD Radeon RX 6600',
    'Intel(R) HD Graphics 530',
    'NVIDIA GeForce RTX 2060',
    'Intel(R) Arc(TM) Graphics',
    'AMD Radeon 780M',
    'NVIDIA GeForce RTX 3080',
  ].map((gpu) => `ANGLE (${gpu}, Direct3D11)`),
  mac: ['Apple M1', 'Apple M2', 'Apple M3', 'Apple M1 Pro', 'Apple M4', 'Apple M3 Pro', 'Intel Iris Plus'],
  linux: [
    'Mesa Intel(R) UHD Graphics 620',
    'NVIDIA GeForce RTX 3060',
    'AMD Radeon Graphics',
    'Mesa Intel(R) Xe Graphics',
  ],
  ios: ['Apple GPU'],
  android: [
    'Adreno (TM) 730',
    'Mali-G78',
    'Adreno (TM) 619',
    'Mali-G57',
    'Adreno (TM) 740',
    'Mali-G68',
    'Adreno (TM) 650',
    'PowerVR GE8320',
  ],
};
const platforms = { win: 'Win32', mac: 'MacIntel', linux: 'Linux x86_64', ios: 'iPhone', android: 'Linux armv8l' };
const majors = { chrome: 147, edge: 147, firefox: 149, safari: 26 };
const handshakes = {
  chrome: 't13d1516h2_8daaf6152771_b186095e22b6',
  edge: 't13d1516h2_8daaf6152771_b186095e22b6',
  firefox: 't13d1715h2_5b57614c22b0_5c2c66f702b0',
  safari: 't13d2014h2_a09f3c656075_e42f34c56612',
};

function agent(os, browser, major) {
  const chrome = `AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0`;
  const system = {
    win: 'Windows NT 10.0; Win64; x64',
    mac: 'Macintosh; Intel Mac OS X 10_15_7',
    linux: 'X11; Linux x86_64',
    android: 'Linux; Android 10; K',
  }[os];
  if (os === 'ios')
    return `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${major}.2 Mobile/15E148 Safari/604.1`;
  if (browser === 'safari')
    return `Mozilla/5.0 (${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${major}.2 Safari/605.1.15`;
  if (browser === 'firefox') return `Mozilla/5.0 (${system}; rv:${major}.0) Gecko/20100101 Firefox/${major}.0`;
  return `Mozilla/5.0 (${system}) ${chrome}${os === 'android' ? ' Mobile' : ''} Safari/537.36${browser === 'edge' ? ` Edg/${major}.0.0.0` : ''}`;
}

/** A machine without its owner's clock and language. */
export function model(dice, kind = dice.weighted(kinds)) {
  const [os, browser] = kind.split('-');
  const behind = browser === 'safari' ? dice.ranked([0, 8], 2) : dice.ranked([0, 1, 2, 3, 4, 6, 9, 14, 22], 1.6);
  return {
    os,
    browser,
    major: majors[browser] - behind,
    screen: dice.ranked(screens[os], 0.9),
    gpu: dice.ranked(gpus[os], 0.7),
  };
}

/** A machine as one person's: phones of one model look alike, so their fingerprints are unsure and often shared. */
export function owned(dice, made, country, zone = dice.one(country.zones)) {
  const phone = made.os === 'ios' || made.os === 'android';
  const languages = dice.chance(0.7)
    ? [country.languages[0]]
    : dice.chance(0.6)
      ? [dice.one(country.languages), 'en']
      : ['en-US', country.languages[0]];
  const common = dice.chance(phone ? 0.6 : 0.3);
  const shared = `common_${[made.os, made.browser, made.major, made.screen, made.gpu, zone, languages].join('|').replaceAll(/[^a-z0-9]/gi, '')}_${dice.whole(0, 5)}`;
  return {
    ...made,
    zone,
    languages,
    fingerprint: common ? shared : `fp_${dice.text(12, 'abcdef0123456789')}`,
    confidence: common ? dice.between(0.35, 0.75) : dice.between(0.8, 0.99),
  };
}

/** The event's parts. `quiet` = a browser that shows little. */
export function says(dice, machine, { quiet = false, formMs } = {}) {
  const base = {
    user_agent: agent(machine.os, machine.browser, machine.major),
    accept_language: machine.languages.join(','),
  };
  if (quiet)
    return {
      ...base,
      accept_language: 'en-US,en',
      device: {
        platform: platforms[machine.os],
        timezone: 'UTC',
        languages: ['en-US'],
        screen: dice.one(['1000x900', '1400x900', '1200x600']),
        form_ms: formMs,
      },
    };
  const device = {
    fingerprint: machine.fingerprint,
    confidence: machine.confidence === undefined ? undefined : Math.round(machine.confidence * 100) / 100,
    platform: platforms[machine.os],
    timezone: machine.zone,
    languages: machine.languages,
    screen: machine.screen,
    gpu: machine.gpu,
    webdriver: machine.webdriver ?? false,
    touch: machine.os === 'ios' || machine.os === 'android',
    ja4: machine.ja4 ?? handshakes[machine.browser],
    form_ms: formMs,
  };
  return { ...base, device };
}
