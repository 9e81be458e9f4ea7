/**
 * User agents as browsers and programs send them (autumn 2026: Chrome's minor version is always 0.0.0, its platform
 * details are frozen). `platform` and `gpu` are what a page of an honest browser reads there.
 */
const chromium = '(KHTML, like Gecko) Chrome';
const windows = 'Windows NT 10.0; Win64; x64';
const mac = 'Macintosh; Intel Mac OS X 10_15_7';
const linux = 'X11; Linux x86_64';

const chrome = (system, major) => `Mozilla/5.0 (${system}) AppleWebKit/537.36 ${chromium}/${major}.0.0.0 Safari/537.36`;
const edge = (system, major) => `${chrome(system, major)} Edg/${major}.0.0.0`;
const opera = (system, major, opr) => `${chrome(system, major)} OPR/${opr}.0.0.0`;
const firefox = (system, major) => `Mozilla/5.0 (${system}; rv:${major}.0) Gecko/20100101 Firefox/${major}.0`;
const safari = (version) =>
  `Mozilla/5.0 (${mac}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Safari/605.1.15`;
const android = (major) =>
  `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 ${chromium}/${major}.0.0.0 Mobile Safari/537.36`;
const samsung = (version, major) =>
  `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/${version} Chrome/${major}.0.0.0 Mobile Safari/537.36`;
const iphone = (os, version) =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS ${os} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Mobile/15E148 Safari/604.1`;
const ipad = (os, version) =>
  `Mozilla/5.0 (iPad; CPU OS ${os} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Mobile/15E148 Safari/604.1`;
const chromeIos = (os, major) =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS ${os} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/${major}.0.7444.46 Mobile/15E148 Safari/604.1`;

const desktopScreens = ['1920x1080', '2560x1440', '1536x864', '1366x768', '3840x2160', '1680x1050', '1600x900'];
const macScreens = ['1440x900', '1512x982', '1728x1117', '1470x956', '2560x1440', '1800x1169'];
const phoneScreens = ['360x800', '412x915', '384x832', '393x873', '412x892', '360x780'];
const iphoneScreens = ['390x844', '393x852', '430x932', '402x874', '440x956', '375x812'];
const winGpus = [
  'ANGLE (Intel, Intel(R) UHD Graphics 620 Direct3D11 vs_5_0 ps_5_0, D3D11)',
  'ANGLE (Intel, Intel(R) Iris(R) Xe Graphics Direct3D11 vs_5_0 ps_5_0, D3D11)',
  'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)',
  'ANGLE (NVIDIA, NVIDIA GeForce RTX 4070 Direct3D11 vs_5_0 ps_5_0, D3D11)',
  'ANGLE (AMD, AMD Radeon(TM) Graphics Direct3D11 vs_5_0 ps_5_0, D3D11)',
];
const macGpus = ['M1', 'M2', 'M3', 'M3 Pro', 'M4'].map(
  (chip) => `ANGLE (Apple, ANGLE Metal Renderer: Apple ${chip}, Unspecified Version)`,
);
const linuxGpus = [
  'ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)',
  'ANGLE (AMD, AMD Radeon RX 6700 XT (radeonsi), OpenGL 4.6)',
];
const phoneGpus = [
  'Adreno (TM) 740',
  'Adreno (TM) 619',
  'Mali-G78',
  'Mali-G57',
  'ANGLE (ARM, Mali-G610, OpenGL ES 3.2)',
];

const family = (platform, screens, gpus, weight, agents, extra = {}) =>
  agents.map((agent) => ({ agent, platform, screens, gpus, weight: weight / agents.length, touch: false, ...extra }));
const touch = { touch: true, mobile: true };

/** What people use, with rough shares. */
export const browsers = [
  ...family(
    'Win32',
    desktopScreens,
    winGpus,
    26,
    [138, 139, 140, 141, 142, 143].map((major) => chrome(windows, major)),
  ),
  ...family(
    'Win32',
    desktopScreens,
    winGpus,
    7,
    [140, 141, 142, 143].map((major) => edge(windows, major)),
  ),
  ...family(
    'Win32',
    desktopScreens,
    ['Intel(R) HD Graphics, or similar', 'NVIDIA GeForce GTX 980, or similar'],
    5,
    [128, 140, 143, 144, 145].map((major) => firefox(windows, major)),
  ),
  ...family('Win32', desktopScreens, winGpus, 2, [opera(windows, 140, 124), opera(windows, 141, 125)]),
  ...family(
    'MacIntel',
    macScreens,
    macGpus,
    12,
    [139, 140, 141, 142, 143].map((major) => chrome(mac, major)),
  ),
  ...family('MacIntel', macScreens, ['Apple GPU'], 8, ['17.6', '18.5', '18.6', '26.0', '26.1'].map(safari)),
  ...family(
    'MacIntel',
    macScreens,
    ['Apple M1, or similar'],
    2,
    [143, 144, 145].map((major) => firefox('Macintosh; Intel Mac OS X 10.15', major)),
  ),
  ...family('MacIntel', macScreens, macGpus, 1, [edge(mac, 142)]),
  ...family(
    'Linux x86_64',
    desktopScreens,
    linuxGpus,
    3,
    [140, 142, 143].map((major) => chrome(linux, major)),
  ),
  ...family(
    'Linux x86_64',
    desktopScreens,
    ['Radeon R9 200 Series, or similar'],
    3,
    [140, 144, 145].map((major) => firefox(linux, major)),
  ),
  ...family('Linux armv81', phoneScreens, phoneGpus, 14, [138, 139, 140, 141, 142, 143].map(android), touch),
  ...family('Linux armv81', phoneScreens, phoneGpus, 3, [samsung('28.0', 130), samsung('29.0', 136)], touch),
  ...family(
    'Linux armv81',
    phoneScreens,
    ['Adreno (TM) 740'],
    1,
    [`Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0`],
    touch,
  ),
  ...family(
    'iPhone',
    iphoneScreens,
    ['Apple GPU'],
    13,
    [
      iphone('17_6_1', '17.6'),
      iphone('18_5', '18.5'),
      iphone('18_6', '18.6'),
      iphone('18_7', '26.0'),
      iphone('18_7', '26.1'),
    ],
    touch,
  ),
  ...family('iPhone', iphoneScreens, ['Apple GPU'], 2, [chromeIos('18_6', 142), chromeIos('18_7', 143)], touch),
  ...family('iPad', ['820x1180', '834x1194'], ['Apple GPU'], 1, [ipad('17_6_1', '17.6'), ipad('18_6', '18.6')], touch),
];

/** What a privacy browser sends: Tor Browser and hardened Firefox look alike. */
export const privacyBrowsers = browsers.filter(({ agent, mobile }) => agent.includes('Firefox') && mobile !== true);

/** Programs that fill in signup forms. */
export const programs = [
  'curl/8.5.0',
  'curl/8.14.1',
  'python-requests/2.32.5',
  'python-httpx/0.28.1',
  'Go-http-client/2.0',
  'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)',
  `Mozilla/5.0 (${linux}) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36`,
  `Mozilla/5.0 (${linux}) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/143.0.0.0 Safari/537.36`,
];
