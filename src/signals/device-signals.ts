import { plainFingerprint } from '../model/fingerprint.js';
import { rememberAnswers } from '../model/remember-answers.js';
import { browserAgeDays } from './browser-release.js';
import * as consistency from './device-consistency.js';
import type { SignalContext } from './signal-context.js';
import type { SignalRecords } from './signal-record.js';

function userAgentTemplate(context: SignalContext): string | undefined {
  const agent = context.userAgent();
  if (agent === undefined || (agent.browser === undefined && agent.os === undefined)) return undefined;
  return `${agent.browser ?? '?'}/${agent.major ?? '?'}/${agent.os ?? '?'}`;
}

/** The first name that is not what every browser calls itself. */
const programName = /(?:^|;\s*)(?!mozilla\b)([a-z][\w.-]*)/i;

function userAgentProgram(context: SignalContext): string | undefined {
  if (context.userAgent()?.isBot !== true) return undefined;
  return programName.exec(context.event.user_agent?.slice(0, 512) ?? '')?.[1]?.toLowerCase() ?? 'unnamed';
}

/** What devices of one farm have in common; needs something of the device beside the user agent. */
function template(context: SignalContext): string | undefined {
  const device = context.device;
  const agent = userAgentTemplate(context);
  if (device === undefined || agent === undefined) return undefined;
  const { screen, timezone, languages, gpu } = device;
  if (screen === undefined && timezone === undefined && languages === undefined && gpu === undefined) return undefined;
  return context.ports.hash(JSON.stringify([agent, screen ?? '', timezone ?? '', languages ?? [], gpu ?? '']));
}

const headless = /headless|phantomjs|selenium|webdriver|puppeteer|playwright|cypress|electron/i;

/** Few user agents make most of the traffic. */
const isHeadless = rememberAnswers((agent) => headless.test(agent), 2000);

function isAutomation({ device, event }: SignalContext): boolean | undefined {
  const agent = event.user_agent?.slice(0, 512);
  if (device?.webdriver === true || (agent !== undefined && isHeadless(agent))) return true;
  return device?.webdriver === undefined && agent === undefined ? undefined : false;
}

function browserAge(context: SignalContext): number | undefined {
  const { browser, major } = context.userAgent() ?? {};
  return browser === undefined || major === undefined ? undefined : browserAgeDays(browser, major, context.at);
}

export const deviceSignals: SignalRecords<'ua' | 'device'> = {
  'ua.template': userAgentTemplate,
  'ua.program': userAgentProgram,
  'ua.browser': (context) => context.userAgent()?.browser,
  'device.fingerprint': ({ device }) =>
    device?.fingerprint === undefined ? undefined : plainFingerprint(device.fingerprint),
  'device.confidence': ({ device }) => device?.confidence,
  'device.template': template,
  'device.platform': ({ device }) => device?.platform,
  'device.timezone': ({ device }) => device?.timezone,
  'device.screen': ({ device }) => device?.screen,
  'device.ja4': ({ event }) => event.device?.ja4,
  'device.is_consistent': consistency.isConsistent,
  'device.ua_platform_mismatch': consistency.platformMismatch,
  'device.client_hints_mismatch': consistency.clientHintsMismatch,
  'device.gpu_mismatch': consistency.gpuMismatch,
  'device.ja4_mismatch': consistency.ja4Mismatch,
  'device.touch_mismatch': consistency.touchMismatch,
  'device.is_automation': isAutomation,
  'device.browser': (context) => context.userAgent()?.browser,
  'device.browser_major': (context) => context.userAgent()?.major,
  'device.browser_age_d': browserAge,
  'device.os': (context) => context.userAgent()?.os,
  'device.is_bot': (context) => context.userAgent()?.isBot,
  'device.form_ms': ({ device }) => device?.form_ms,
};
