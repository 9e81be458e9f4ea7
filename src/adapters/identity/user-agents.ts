import { isbot } from 'isbot';
import { UAParser } from 'ua-parser-js';
import { rememberAnswers } from '../../model/remember-answers.js';
import type { UserAgent, UserAgentParser } from '../../signals/signal-context.js';

/** Signups of one campaign repeat few user agents: parsing one costs far more than finding it again. */
const mostKept = 2000;

export const createUserAgentParser = (): UserAgentParser => ({ parse: rememberAnswers(parse, mostKept) });

function parse(text: string): UserAgent {
  const parser = new UAParser(text);
  const browser = parser.getBrowser();
  const major = Number.parseInt(browser.version ?? '', 10);
  return {
    browser: browser.name,
    major: Number.isNaN(major) ? undefined : major,
    os: parser.getOS().name,
    isBot: isbot(text),
  };
}
