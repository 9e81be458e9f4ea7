import type { Browser } from '../support/browser.js';
import type { Service } from '../support/service.js';

/** One service and one browser, for many screens. */
export interface ConsoleWorld {
  readonly service: Service;
  readonly browser: Browser;
}

/** Markup, and a mark that turns around what is read after it. */
export const hostile = '<img src=x onerror=alert(1)>\u202Egnp.exe';
