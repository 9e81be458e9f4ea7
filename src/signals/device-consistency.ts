import { rememberAnswers } from '../model/remember-answers.js';
import type { SignalContext } from './signal-context.js';

/** Three answers: contradiction, none, and undefined where there was nothing to compare. */
type Mismatch = boolean | undefined;
type System = 'windows' | 'mac' | 'ios' | 'android' | 'linux';

/** Platforms and renderers are the sender's text, but few different ones come. */
const mostKept = 2000;

const systemOfAgent = rememberAnswers((os): System | undefined => {
  if (/^windows/i.test(os)) return /phone|mobile/i.test(os) ? undefined : 'windows';
  if (/^mac ?os/i.test(os)) return 'mac';
  if (/^i(pad)?os/i.test(os)) return 'ios';
  if (/^android/i.test(os)) return 'android';
  return /linux|ubuntu|debian|fedora|chrom(e|ium) os|mint|arch|suse/i.test(os) ? 'linux' : undefined;
}, mostKept);

const systemOfPlatform = rememberAnswers((platform): System | undefined => {
  const text = platform.replaceAll('"', '');
  if (/^win/i.test(text)) return 'windows';
  if (/^mac/i.test(text)) return 'mac';
  if (/^(iphone|ipad|ipod|ios)/i.test(text)) return 'ios';
  if (/^android/i.test(text)) return 'android';
  return /^(linux|chrome ?os|chromium ?os)/i.test(text) ? 'linux' : undefined;
}, mostKept);

/** iPads report MacIntel and phones can ask for desktop sites; Android is a Linux. */
const apple: readonly System[] = ['mac', 'ios'];
const unix: readonly System[] = ['android', 'linux'];
const goTogether = (a: System, b: System): boolean =>
  a === b || (apple.includes(a) && apple.includes(b)) || (unix.includes(a) && unix.includes(b));

function agentSystem(context: SignalContext): System | undefined {
  const os = context.userAgent()?.os;
  return os === undefined ? undefined : systemOfAgent(os);
}

function differ(a: System | undefined, b: System | undefined): Mismatch {
  return a === undefined || b === undefined ? undefined : !goTogether(a, b);
}

export function platformMismatch(context: SignalContext): Mismatch {
  return differ(agentSystem(context), systemOfPlatform(context.device?.platform ?? ''));
}

export function clientHintsMismatch(context: SignalContext): Mismatch {
  const hints = context.device?.client_hints;
  const system = agentSystem(context);
  if (hints === undefined || system === undefined) return undefined;
  // Firefox and Safari send no client hints: brands beside them are somebody else's.
  const foreign = /firefox|safari/i.test(context.userAgent()?.browser ?? '') && (hints.brands ?? '') !== '';
  const systems = differ(system, systemOfPlatform(hints.platform ?? ''));
  if (foreign || systems === true) return true;
  // Only Android sends ?1; a tablet or a desktop site on Android may send ?0.
  if (hints.mobile !== undefined) return hints.mobile && (system === 'windows' || system === 'mac');
  return systems;
}

const virtualRenderer = /swiftshader|llvmpipe|softpipe|vmware|virtualbox|parallels|microsoft basic render/i;

/** Renderers that only some systems have. Adreno is left out: Windows runs on it too. */
const renderersOf: readonly (readonly [RegExp, readonly System[]])[] = [
  [/\bapple (m\d|a\d|gpu)|metal/i, ['mac', 'ios']],
  [/direct3d|d3d11|d3d9/i, ['windows']],
  [/\bmali\b|mali-/i, ['android', 'linux']],
];

/** The systems that a renderer can belong to, one set for each thing its name says of it; none for a virtual one. */
const systemsOfGpu = rememberAnswers(
  (gpu): readonly (readonly System[])[] | undefined =>
    virtualRenderer.test(gpu)
      ? undefined
      : renderersOf.filter(([renderer]) => renderer.test(gpu)).map(([, systems]) => systems),
  mostKept,
);

export function gpuMismatch(context: SignalContext): Mismatch {
  const gpu = context.device?.gpu;
  if (gpu === undefined || gpu === '') return undefined;
  const possible = systemsOfGpu(gpu);
  if (possible === undefined) return true;
  const system = agentSystem(context);
  if (system === undefined) return undefined;
  return possible.some((systems) => !systems.includes(system));
}

/** Since these majors every handshake of the browser offers TLS 1.3 and HTTP/2. */
const modernSince: readonly (readonly [RegExp, number])[] = [
  [/^(chrome|edge|opera)/i, 80],
  [/^firefox/i, 80],
  [/safari/i, 14],
];

/** `t13d1516h2_…`: transport, TLS version, SNI, counts, first ALPN. */
const ja4Head = /^[tqd](\d\d|s[23])[di]\d{4}([0-9a-z]{2})_/;

export function ja4Mismatch(context: SignalContext): Mismatch {
  const { browser, major } = context.userAgent() ?? {};
  const head = ja4Head.exec(context.event.device?.ja4 ?? '');
  if (head === null || browser === undefined || major === undefined) return undefined;
  const modern = modernSince.some(([name, since]) => name.test(browser) && major >= since);
  if (!modern) return undefined;
  return head[1] !== '13' || head[2] === '00' || head[2] === 'h1';
}

export function touchMismatch(context: SignalContext): Mismatch {
  const touch = context.device?.touch;
  const system = agentSystem(context);
  if (touch === undefined || system === undefined) return undefined;
  // A desktop with a touch screen is common; a phone without one is not.
  return !touch && (system === 'ios' || system === 'android');
}

const comparisons = [platformMismatch, clientHintsMismatch, gpuMismatch, ja4Mismatch, touchMismatch];

export function isConsistent(context: SignalContext): boolean | undefined {
  let isCompared = false;
  for (const compare of comparisons) {
    const found = compare(context);
    if (found === true) return false;
    if (found === false) isCompared = true;
  }
  return isCompared ? true : undefined;
}
