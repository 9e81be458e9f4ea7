import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { composeRules, type Rules } from '../../src/compose/rules.js';
import { type Config, readConfig } from '../../src/config.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import { type Logger, silentLogger } from '../../src/telemetry/logger.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { eventually } from '../support/eventually.js';
import { inThread, loaders, threadFile } from '../support/rule-loaders.js';
import { writeRules } from '../support/service.js';
import { planRule, trialRules } from '../support/trial-rules.js';

const trial = trialRules['trial.yml'] ?? '';
const metrics = createMetrics();

let home = '';
let config: Config;
let rules: Rules;

/** What operators were told of rules, by level. */
const told: string[] = [];
const log: Logger = {
  ...silentLogger,
  info: (_fields, message) => void told.push(`info: ${message}`),
  error: (_fields, message) => void told.push(`error: ${message}`),
};

const rulesDir = (): string => join(home, 'rules');
const open = (makeLoader = loaders['in a thread of its own']): Promise<Rules> =>
  composeRules({
    config,
    log,
    metrics,
    clock: { now: () => Date.now() },
    hashIdentifier: (_name, value) => value,
    loader: (folder) => makeLoader(folder, config),
  });
const put = (text: string): Promise<void> => writeFile(join(rulesDir(), 'trial.yml'), text);
const hashNow = (): string => rules.live.snapshot().ruleSet.hash;
const idsNow = (): readonly string[] => rules.live.snapshot().ruleSet.rules.map(({ id }) => id);
const isBroken = (): boolean => rules.live.current().errors.length > 0;

async function refusals(): Promise<number> {
  const { values } = await metrics.rulesetLoads.get();
  return values.find(({ labels }) => labels.result === 'refused')?.value ?? 0;
}

/** A rule set that has errors, by what the loader says of it. */
const hasErrors = (text: string): boolean =>
  loadRuleSet({ files: new Map(Object.entries({ ...trialRules, 'trial.yml': text })), now: Date.now() }).errors.length >
  0;

/** Cut off, as a copy that is under way; with a hole, as a disk that is full; with rubbish, as a merge that failed. */
function* damaged(): Generator<string> {
  for (let step = 1; ; step++) {
    const at = (step * 37) % trial.length;
    const before = trial.slice(0, at);
    const variants = [
      before,
      `${before}\0`,
      `${before}\n<<<<<<< HEAD\n${trial.slice(at)}`,
      `${before} ]: {${trial.slice(at + 9)}`,
    ];
    const text = variants[step % variants.length] ?? '';
    if (hasErrors(text)) yield text;
  }
}

function damagedVariants(count: number): readonly string[] {
  const found: string[] = [];
  for (const text of damaged()) {
    found.push(text);
    if (found.length === count) break;
  }
  return found;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-reload-'));
  const read = readConfig({ RULES_DIR: rulesDir(), DATA_DIR: join(home, 'data') });
  if (!read.ok) throw new Error(read.lines.join('\n'));
  config = read.config;
  await writeRules(rulesDir(), trialRules);
  rules = await open();
}, 60_000);
afterAll(async () => {
  await rules.close();
  await rm(home, { recursive: true, force: true });
});

describe('a rules folder that changes while it is in use', () => {
  beforeEach(async () => {
    await writeRules(rulesDir(), trialRules);
    await eventually(async () => !isBroken() && idsNow().length === 6);
  });

  it('is swapped in whole', async () => {
    const before = rules.live.snapshot();
    await put(`${trial}${planRule('new', 'hold')}`);
    await eventually(async () => hashNow() !== before.ruleSet.hash);
    expect(idsNow()).toContain('trial-new');
    // Whoever began with the old set ends with it.
    expect(before.ruleSet.rules).toHaveLength(6);
  });

  it('is told of as what it is: in use, or broken, never both', async () => {
    const saying = async (change: () => Promise<unknown>, words: string) => {
      told.length = 0;
      await change();
      await eventually(async () => told.includes(words));
      return [...told];
    };
    const inUse = 'info: rule set in use';
    const broken = 'error: the rules have errors; the last good set goes on';
    expect(await saying(() => put(`${trial}${planRule('told', 'hold')}`), inUse)).toEqual([inUse]);
    expect(await saying(() => put(`${trial} ]: {`), broken)).toEqual([broken]);
    const gone = 'error: the policy has gone: the default thresholds and caps decide';
    expect(await saying(() => put(trial), inUse)).toEqual([inUse]);
    expect(await saying(() => rm(join(rulesDir(), 'policy.yml')), gone)).toEqual([inUse, gone]);
    expect(await saying(() => writeRules(rulesDir(), trialRules), inUse)).toEqual([inUse]);
  });

  it('never changes the set in use by any of a hundred broken or half-written files', async () => {
    const variants = damagedVariants(100);
    const good = rules.live.snapshot();
    const seen = await refusals();
    for (const [index, text] of variants.entries()) {
      await put(text);
      // Every tenth is waited for until it has been refused; the others come faster than they can be read.
      const refused = await refusals();
      if (index % 10 === 9) await eventually(async () => (await refusals()) > refused || isBroken());
      else await sleep(15);
      expect(rules.live.snapshot()).toBe(good);
    }
    await eventually(async () => (await refusals()) > seen && isBroken());
    expect(rules.live.snapshot()).toBe(good);
    expect(rules.view.current().errors[0]).toMatchObject({ file: 'trial.yml' });
    await put(trial);
    await eventually(async () => !isBroken());
    expect(rules.live.snapshot()).toBe(good);
  }, 60_000);

  it('keeps the set in use when the folder is taken away, and takes up one that is put in its place', async () => {
    const good = rules.live.snapshot();
    const refused = await refusals();
    await rename(rulesDir(), `${rulesDir()}-away`);
    await eventually(async () => (await refusals()) > refused);
    expect(rules.live.snapshot()).toBe(good);
    await rename(`${rulesDir()}-away`, rulesDir());
    await put(`${trial}${planRule('back', 'hold')}`);
    await eventually(async () => idsNow().includes('trial-back'));
  });
});

describe('the thread that loads', () => {
  it('that ends fails its load and no other: the set in use goes on', async () => {
    await writeRules(rulesDir(), trialRules);
    await eventually(async () => !isBroken() && idsNow().length === 6);
    // Ends at once the first time it is started, and is the real one from then on.
    const mark = JSON.stringify(join(home, 'started'));
    const text = `import { existsSync, writeFileSync } from 'node:fs';
      if (!existsSync(${mark})) { writeFileSync(${mark}, ''); process.exit(3); }
      await import(${JSON.stringify(threadFile.href)});`;
    const refused = await refusals();
    const failing = await open(inThread(new URL(`data:text/javascript,${encodeURIComponent(text)}`)));
    try {
      const before = failing.live.snapshot();
      // At once: a file that is written in two steps may be read twice.
      await writeFile(join(home, 'lost.yml'), `${trial}${planRule('lost', 'hold')}`);
      await rename(join(home, 'lost.yml'), join(rulesDir(), 'trial.yml'));
      await eventually(async () => (await refusals()) > refused);
      expect(failing.live.snapshot()).toBe(before);
      await put(`${trial}${planRule('found', 'hold')}`);
      await eventually(async () => failing.live.snapshot().ruleSet.rules.some(({ id }) => id === 'trial-found'));
    } finally {
      await failing.close();
    }
  });
});

describe('a restart', () => {
  const restart = async (): Promise<void> => {
    await rules.close();
    rules = await open();
  };

  it('with a broken folder goes on with the last good set', async () => {
    await writeRules(rulesDir(), { ...trialRules, 'trial.yml': `${trial}${planRule('kept', 'hold')}` });
    await eventually(async () => idsNow().includes('trial-kept'));
    const hash = hashNow();
    const kept = join(config.DATA_DIR, 'good-rules.json');
    await eventually(async () => JSON.parse(await readFile(kept, 'utf8')).hash === hash);
    await put(`${trial} ]: {`);
    await restart();
    expect(hashNow()).toBe(hash);
    expect(rules.view.current().errors.length).toBeGreaterThan(0);
  });

  it('without its folder goes on with the last good set, and takes up the folder when it comes', async () => {
    const hash = hashNow();
    await rules.close();
    await rename(rulesDir(), `${rulesDir()}-away`);
    rules = await open();
    expect(hashNow()).toBe(hash);
    expect(rules.view.current().errors).toMatchObject([{ code: 'E032' }]);
    await rename(`${rulesDir()}-away`, rulesDir());
    await put(`${trial}${planRule('found', 'hold')}`);
    await eventually(async () => idsNow().includes('trial-found'));
    await put(`${trial}${planRule('kept', 'hold')}`);
    await eventually(async () => hashNow() === hash && !isBroken());
    const kept = join(config.DATA_DIR, 'good-rules.json');
    await eventually(async () => JSON.parse(await readFile(kept, 'utf8')).hash === hash);
    await put(`${trial} ]: {`);
  });

  it('with a broken folder refuses a last good set that someone has changed', async () => {
    await rules.close();
    const kept = join(config.DATA_DIR, 'good-rules.json');
    const text = await readFile(kept, 'utf8');
    await writeFile(kept, text.replace('at_least: hold', 'at_least: limit'));
    await expect(open()).rejects.toThrow(
      /RULES_DIR: the rules have (?:an error,|\d+ errors, the first is) trial\.yml:/,
    );
    await writeFile(kept, text.slice(0, -20));
    await expect(open()).rejects.toThrow('RULES_DIR: the rules have');
    await writeFile(kept, text);
    rules = await open();
    expect(idsNow()).toContain('trial-kept');
  });
});
