import { mkdir, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { evaluateEvent } from '../../src/evaluate/evaluate-event.js';
import type { FeatureRequest } from '../../src/features/feature-store.js';
import { parseEvent } from '../../src/model/parse-event.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import { eventually } from '../support/eventually.js';
import { memoryStory } from '../support/memory-story.js';
import { aSignup, writeRules } from '../support/service.js';
import { trialRules } from '../support/trial-rules.js';
import { versionText, type WatchedRules, watchRules } from '../support/watched-rules.js';

let watched: WatchedRules;
const file = (name = 'trial.yml'): string => join(watched.rulesDir, name);
const put = (version: string): Promise<void> => writeFile(file(), versionText(version));
afterEach(() => watched.close());

/** Of the trial rules in this version. */
const hashOf = (version: string): string | undefined =>
  loadRuleSet({ files: new Map(Object.entries({ ...trialRules, 'trial.yml': versionText(version) })), now: 0 }).ruleSet
    ?.hash;

describe('a rules folder that is edited', () => {
  beforeEach(async () => {
    watched = await watchRules();
  });

  it('takes over a file that is written beside and renamed', async () => {
    await writeFile(file('trial.yml.new'), versionText('renamed'));
    await rename(file('trial.yml.new'), file());
    await watched.isInUse('renamed');
    expect(watched.hash()).toBe(hashOf('renamed'));
  });

  it('never loses the rules of a file that is emptied before it is written', async () => {
    const before = watched.hash();
    const handle = await open(file(), 'w');
    await eventually(async () => watched.errors().length > 0);
    expect(watched.errors()).toEqual([expect.objectContaining({ code: 'E029', file: 'trial.yml' })]);
    expect(watched.hash()).toBe(before);
    await handle.writeFile(versionText('written'));
    await handle.close();
    await watched.isInUse('written');
  });

  it('goes on with the old rules while a file is written in two halves', async () => {
    const before = watched.hash();
    const text = versionText('halves');
    const half = text.lastIndexOf('points:');
    const handle = await open(file(), 'w');
    await handle.write(text.slice(0, half));
    await eventually(async () => (await watched.loads('refused')) > 0);
    expect(watched.hash()).toBe(before);
    await handle.write(text.slice(half));
    await handle.close();
    await watched.isInUse('halves');
  });

  it('takes no notice of what editors leave lying about', async () => {
    const before = watched.hash();
    for (const name of ['trial.yml~', '.trial.yml.swp', '4913', '#trial.yml#', 'trial.yml.orig', 'notes.md'])
      await writeFile(file(name), 'rules: [');
    await put('noticed');
    await watched.isInUse('noticed');
    expect(watched.hash()).not.toBe(before);
    expect(watched.errors()).toEqual([]);
  });

  it('makes a few loads of a burst of saves, and the last save decides', async () => {
    const loads = await watched.loads('loaded');
    for (let n = 0; n < 40; n++) await put(`burst${n}`);
    await put('last');
    await watched.isInUse('last');
    expect((await watched.loads('loaded')) - loads).toBeLessThan(10);
  });

  it('is read now and then even while somebody never stops writing', async () => {
    const writing = { on: true };
    const writer = (async () => {
      for (let n = 0; writing.on; n++) {
        await put(`endless${n}`);
        await sleep(10);
      }
    })();
    await eventually(async () => watched.ids().some((id) => id.startsWith('trial-endless')));
    writing.on = false;
    await writer;
    await put('end');
    await watched.isInUse('end');
  });

  it('says of each file that it cannot read why, and goes on', async () => {
    const before = watched.hash();
    await mkdir(file('folder.yml'));
    await writeFile(file('latin.yml'), Buffer.from([0x72, 0xe9, 0x3a]));
    await symlink(join(watched.home, 'nowhere.yml'), file('leads-nowhere.yml'));
    await symlink('/etc', file('leads-out'));
    await eventually(async () => watched.errors().length === 3);
    expect(watched.errors().map((error) => error.file)).toEqual(
      expect.arrayContaining(['latin.yml', 'leads-nowhere.yml', 'leads-out']),
    );
    expect(watched.hash()).toBe(before);
    for (const name of ['latin.yml', 'leads-nowhere.yml', 'leads-out']) await rm(file(name));
    await put('readable');
    await watched.isInUse('readable');
  });

  it('tells of a folder that is gone, and takes up the one that comes in its place', async () => {
    const before = watched.hash();
    await rm(watched.rulesDir, { recursive: true });
    await eventually(async () => watched.errors().some(({ code }) => code === 'E032'));
    expect(watched.hash()).toBe(before);
    const refused = await watched.loads('refused');
    await sleep(2500);
    // What is not there is told once, not at each look; a second look may have begun before.
    expect(await watched.loads('refused')).toBeLessThanOrEqual(refused + 1);
    await writeRules(watched.rulesDir, { ...trialRules, 'trial.yml': versionText('returned') });
    await watched.isInUse('returned');
    await put('later');
    await watched.isInUse('later');
  });

  it('decides an event to its end by the rules that it began with', async () => {
    await put('begun');
    await watched.isInUse('begun');
    const { story } = memoryStory(new Map(Object.entries(trialRules)), Date.now());
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let ask: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    const ports = {
      ...story,
      snapshot: () => watched.rules.live.snapshot(),
      features: {
        ...story.features,
        observe: async (request: FeatureRequest) => {
          ask();
          await answered;
          return request.lookups.map(() => 0);
        },
      },
    };
    const event = parseEvent(aSignup('in-flight', 'begun'));
    if (!event.ok) throw new Error(JSON.stringify(event.error));
    const deciding = evaluateEvent(event.value, ports);
    await asked;
    const begunWith = watched.hash();
    await put('ended');
    await watched.isInUse('ended');
    answer();
    const decided = await deciding;
    expect(decided).toMatchObject({
      ok: true,
      value: { decision: { outcome: 'hold', ruleset: { hash: begunWith }, reasons: [{ rule: 'trial-begun' }] } },
    });
  });
});

/** As Kubernetes mounts a ConfigMap: each name is a link through `..data`, which is turned to another folder at once. */
async function mountVolume(home: string): Promise<string> {
  const dir = join(home, 'mounted');
  await writeVersion(dir, '..2026_11_21', trialRules['trial.yml'] ?? '');
  await symlink('..2026_11_21', join(dir, '..data'));
  for (const name of Object.keys(trialRules)) await symlink(join('..data', name), join(dir, name));
  await mkdir(join(dir, '..2026_11_21', 'more'));
  await writeFile(join(dir, '..2026_11_21', 'more', 'more.yml'), 'predicates: { of_a_folder: ip.is_tor }\n');
  await symlink(join('..data', 'more'), join(dir, 'more'));
  return dir;
}

const writeVersion = (dir: string, name: string, trial: string): Promise<void> =>
  writeRules(join(dir, name), { ...trialRules, 'trial.yml': trial });

async function turn(link: string, to: string): Promise<void> {
  await symlink(to, `${link}_tmp`);
  await rename(`${link}_tmp`, link);
}

describe('a rules folder that is swapped as a whole', () => {
  it('follows the link that a mounted volume turns, back and forth', async () => {
    watched = await watchRules(mountVolume);
    expect(watched.rules.live.snapshot().ruleSet.predicates.has('of_a_folder')).toBe(true);
    for (const version of ['one', 'two', 'three']) {
      await writeVersion(watched.rulesDir, `..${version}`, versionText(version));
      await mkdir(join(watched.rulesDir, `..${version}`, 'more'));
      await turn(join(watched.rulesDir, '..data'), `..${version}`);
      await watched.isInUse(version);
      expect(watched.hash()).toBe(hashOf(version));
    }
  });

  it('follows a link to the folder itself', async () => {
    watched = await watchRules(async (home) => {
      await writeVersion(home, 'v1', versionText('one'));
      await symlink('v1', join(home, 'rules'));
      return join(home, 'rules');
    });
    await writeVersion(watched.home, 'v2', versionText('two'));
    await turn(watched.rulesDir, 'v2');
    await watched.isInUse('two');
    await put('three');
    await watched.isInUse('three');
  });
});
