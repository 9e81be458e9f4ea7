import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { type Browser, startBrowser } from '../support/browser.js';
import { type Service, startService, trialRules, writeRules } from '../support/service.js';
import { type ConsoleWorld, hostile } from './console-world.js';
import { officeSuite } from './office-suite.js';
import { overviewSuite } from './overview-suite.js';
import { screensSuite } from './screens-suite.js';
import { signInSuite } from './sign-in-suite.js';

const trusted = `rules:
  - id: trusted-domain
    family: list
    on: [signup]
    when: email.domain in lists.trusted
    points: 0
    at_most: allow
    reason: identity.trial
    title: "${hostile}"
    owner: trial
`;
let rulesDir: string;
let service: Service;
let browser: Browser;
beforeAll(async () => {
  rulesDir = await mkdtemp(join(tmpdir(), 'portcullis-rules-'));
  await writeRules(rulesDir, { ...trialRules, 'trusted.yml': trusted });
  await mkdir(join(rulesDir, 'lists'));
  await writeFile(join(rulesDir, 'lists/trusted.txt'), '# source: us\n# type: value\ncampus.example\n');
  await writeFile(join(rulesDir, 'lists/people.txt'), '# source: us\n# type: value\nacct_known\n');
  [service, browser] = await Promise.all([startService({ rulesDir }), startBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.remove();
  await rm(rulesDir, { recursive: true, force: true });
});

const world = (): ConsoleWorld => ({ service, browser });

// The overview begins with an empty installation; the others find what was there before them.
describe('the overview', () => overviewSuite(world));
describe('signing in', () => signInSuite(world));
describe('each page of the console', () => screensSuite(world));
describe('the office', () => officeSuite(world));
