import { isbot } from 'isbot';
import { UAParser } from 'ua-parser-js';
import type { UserAgent, UserAgentParser } from '../../signals/signal-context.js';

/** Signups of one campaign repeat few user agents: parsing one costs far more than finding it again. */
const mostKept = 2000;

export function createUserAgentParser(): UserAgentParser {
  const kept = new Map<string, UserAgent>();
  return {
    parse(text) {
      const known = kept.get(text);
      if (known !== undefined) return known;
      const parsed = parse(text);
      if (kept.size >= mostKept) kept.clear();
      kept.set(text, parsed);
      return parsed;
    },
  };
}

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
