import { readFileSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readRuleFiles } from '../../src/adapters/files/rule-files.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import { type DocsBlock, docsBlocks, docsPages } from '../support/docs-blocks.js';
import { ruleFilesFor } from '../support/docs-examples.js';
import { copyProject, type DocsProject } from '../support/docs-project.js';
import { runRuleTests } from '../support/run-rule-tests.js';
import { adminKey, projectRoot, type Service, startService } from '../support/service.js';

const now = Date.parse('2026-11-21T12:00:00Z');

/** All that a fence may say; what is not run is `text`. */
const languages = ['sh', 'yaml', 'json', 'text', 'http', 'nginx', 'lua', 'toml', 'ts'];

/** Commands that the test cannot run, each with the reason. Everything else that is marked `sh` is run. */
const notRun: readonly { page: string; holds: string; why: string }[] = [
  {
    page: 'docs/authors-guide.md',
    holds: 'scripts/start',
    why: 'serves until it is ended; the test has a service of its own',
  },
  { page: 'README.md', holds: './scripts/start', why: 'installs, and serves until it is ended' },
];

const reasonNotToRun = ({ page, text }: DocsBlock): string | undefined =>
  notRun.find((one) => one.page === page && text.includes(one.holds))?.why;

const of = (language: string): readonly DocsBlock[] => docsBlocks.filter((block) => block.language === language);
const named = (blocks: readonly DocsBlock[]): [string, DocsBlock][] =>
  blocks.map((block) => [`${block.page}:${block.line}`, block]);

const isSequence = ({ text }: DocsBlock): boolean => /^(events|clock):/m.test(text);
/** The first line says which file is shown, or the beginning of which. */
const shownFile = ({ text }: DocsBlock): string | undefined => /^# (docs\/examples\/\S+)\n/.exec(text)?.[1];
const isRules = (block: DocsBlock): boolean => !isSequence(block) && parse(block.text) !== null;
const withoutComments = (text: string): string => text.replace(/^(#.*\n)+/, '');

describe('a block of the documentation', () => {
  it.each(docsPages)('says what it is: %s', (page) => {
    const unknown = docsBlocks.filter((block) => block.page === page && !languages.includes(block.language));
    expect(unknown.map(({ line, language }) => `${page}:${line} '${language}'`)).toEqual([]);
  });

  it.each(named(of('yaml').filter((block) => shownFile(block) !== undefined)))(
    'shows the beginning of the file it names: %s',
    (_at, block) => {
      const file = readFileSync(join(projectRoot, shownFile(block) ?? ''), 'utf8');
      expect(withoutComments(file).startsWith(withoutComments(block.text))).toBe(true);
    },
  );

  it.each(named(of('json')))('is JSON: %s', (_at, { text }) => {
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it('names the file where it is a sequence test, so that it is run', () => {
    expect(of('yaml').filter((block) => isSequence(block) && shownFile(block) === undefined)).toEqual([]);
  });
});

describe('rules in the documentation', () => {
  it.each(named(of('yaml').filter(isRules)))('load, and pass their tests: %s', (_at, block) => {
    const { errors, ruleSet } = loadRuleSet({ files: ruleFilesFor(block), now });
    expect(errors).toEqual([]);
    const run = ruleSet === undefined ? undefined : runRuleTests(ruleSet, now);
    expect(run?.tests.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('of the cookbook load beside the default rules, all together, each with decisive tests for all it says', async () => {
    const { files } = await readRuleFiles(join(projectRoot, 'rules'));
    const lists = await readRuleFiles(join(projectRoot, 'docs/examples/cookbook'));
    const recipes = of('yaml').filter(({ page }) => page === 'docs/cookbook.md');
    const all = new Map([
      ...files,
      ...[...lists.files].filter(([path]) => path.startsWith('lists/')),
      ...recipes.map(({ line, text }): [string, string] => [`cookbook/${line}.yml`, text]),
    ]);
    const { errors, ruleSet } = loadRuleSet({ files: all, now });
    expect(errors).toEqual([]);
    const { coverage = {} } = ruleSet === undefined ? {} : runRuleTests(ruleSet, now);
    const cookbook = Object.entries(coverage).filter(([rule]) => rule.startsWith('cookbook-'));
    expect(cookbook.length).toBeGreaterThanOrEqual(20);
    for (const [rule, { leaves, leaves_decisive: decisive, fires, quiet }] of cookbook)
      expect({ rule, decisive, fires: fires > 0, quiet: quiet > 0 }).toEqual({
        rule,
        decisive: leaves,
        fires: true,
        quiet: true,
      });
  });
});

describe('commands in the documentation', () => {
  // The guide takes longest and is begun first.
  const guide = 'docs/authors-guide.md';
  const pages = [guide, ...docsPages.filter((page) => page !== guide && of('sh').some((block) => block.page === page))];
  const failures = new Map<string, string | undefined>();
  let project: DocsProject;
  let service: Service;
  /** Several pages at once: most of a command is the start of a program. */
  let lanes: Promise<unknown>;

  beforeAll(async () => {
    project = await copyProject();
    // The guide works on such a copy, and asks a service that decides by it.
    const rulesDir = join(project.folder, 'practice/rules');
    await mkdir(join(project.folder, 'practice'));
    await cp(join(project.folder, 'rules'), rulesDir, { recursive: true });
    service = await startService({ rulesDir, env: { EVENT_TIME: 'trusted' } });
    const waiting = pages.values();
    const lane = async (): Promise<void> => {
      for (const page of waiting) failures.set(page, await failureOn(page));
    };
    lanes = Promise.all([lane(), lane(), lane()]);
  }, 120_000);

  afterAll(async () => {
    await lanes;
    await service?.remove();
    await project?.remove();
  }, 240_000);

  /** What went wrong, as a whole: what it said is what tells why. */
  async function failureOf({ page, line, text }: DocsBlock): Promise<string | undefined> {
    const { host, hostname, port } = new URL(service.url);
    const environment = { HOST: hostname, PORT: port, BOOTSTRAP_API_KEY: adminKey, KEY: adminKey };
    const { status, output } = await project.run(text.replaceAll('127.0.0.1:8080', host), environment);
    const expected = Number(/# exit (\d+)\s*$/.exec(text)?.[1] ?? 0);
    return status === expected ? undefined : `${page}:${line} ended with ${status}\n${text}\n${output.slice(-4000)}`;
  }

  /** Blocks of a page build on each other; the first failure ends it. */
  async function failureOn(page: string): Promise<string | undefined> {
    for (const block of of('sh').filter((one) => one.page === page && reasonNotToRun(one) === undefined)) {
      const failure = await failureOf(block);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  it.each(pages)(
    'do what they say: %s',
    async (page) => {
      await lanes;
      expect(failures.get(page)).toBeUndefined();
    },
    240_000,
  );

  it('are all run but single ones with a reason not to', () => {
    for (const { page, holds } of notRun)
      expect(of('sh').filter((block) => block.page === page && block.text.includes(holds))).toHaveLength(1);
  });
});
