import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService } from '../support/service.js';
import { trialRules } from '../support/trial-rules.js';
import { versionText } from '../support/watched-rules.js';

const good = [trialRules['trial.yml'] ?? '', versionText('second'), versionText('third')];
const load = (text: string) =>
  loadRuleSet({ files: new Map(Object.entries({ ...trialRules, 'trial.yml': text })), now: Date.now() });
const hashes = good.map((text) => load(text).ruleSet?.hash);

/** A file as it may be found while a copy is under way, a disk is full or a merge has failed. */
const damages: readonly ((text: string, at: number) => string)[] = [
  (text, at) => text.slice(0, at),
  (text, at) => `${text.slice(0, at)}\0${text.slice(at)}`,
  (text, at) => `${text.slice(0, at)}\n<<<<<<< HEAD\n${text.slice(at)}`,
  (text, at) => `${text.slice(0, at)} ]: {${text.slice(at + 9)}`,
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at) => text.slice(0, at) + text.slice(at + 40),
  (text, at) => `${text.slice(0, at)}\t${text.slice(at)}`,
];

/** Wrong ones only: some damage is a comment, or leaves other rules that are right. */
function* mutatedTexts(): Generator<string> {
  for (let n = 1; ; n++) {
    const text = good[n % good.length] ?? '';
    const damage = damages[n % damages.length];
    const mutated = damage?.(text, (n * 37) % text.length) ?? '';
    if (load(mutated).errors.length > 0 || mutated.trim() === '') yield mutated;
  }
}

let postgres: PostgresServer;
let redis: TestRedis;
let service: Service;
const put = (text: string): Promise<void> => writeFile(join(service.rulesDir, 'trial.yml'), text);
const current = async () => (await service.call('GET', '/v1/rulesets/current')).body;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  service = await startService({ databaseUrl: postgres.url, redisUrl: redis.url, env: { LOG_LEVEL: 'silent' } });
}, 120_000);
afterAll(async () => {
  await service.remove();
  await Promise.all([postgres.stop(), redis.stop()]);
});

/** Evaluates without a pause, two at a time, until it is told to stop; the hash that each decision carries. */
function evaluations() {
  const found: string[] = [];
  let going = true;
  const one = async (worker: number): Promise<void> => {
    for (let n = 0; going; n++) {
      const { ruleset } = await service.evaluate(aSignup(`under-load-${worker}-${n}`, 'free'));
      found.push(ruleset.hash);
    }
  };
  const ended = Promise.all([one(1), one(2)]);
  return {
    found,
    async stop() {
      going = false;
      await ended;
    },
  };
}

describe('a running service whose rules are damaged', () => {
  it('decides every event by a set that was good, through 500 mutated files', async () => {
    const load = evaluations();
    const mutated = mutatedTexts();
    for (let n = 1; n <= 500; n++) {
      await put(mutated.next().value);
      await sleep(4);
      if (n % 100 !== 0) continue;
      await eventually(async () => (await current()).errors.length > 0);
      expect(hashes).toContain((await current()).hash);
      await put(good[(n / 100) % good.length] ?? '');
      await eventually(async () => (await current()).hash === hashes[(n / 100) % good.length]);
    }
    await load.stop();
    expect(load.found.length).toBeGreaterThan(100);
    expect(load.found.filter((hash) => !hashes.includes(hash))).toEqual([]);
    expect(new Set(load.found).size).toBeGreaterThan(1);
    expect((await current()).errors).toEqual([]);
  }, 120_000);

  it('starts again with the last good set, says what is wrong, and takes over the healed file', async () => {
    await put(good[1] ?? '');
    await eventually(async () => (await current()).hash === hashes[1]);
    const kept = join(service.dataDir, 'good-rules.json');
    await eventually(async () => (await readFile(kept, 'utf8')).includes(String(hashes[1])));
    await put(`${good[2]} ]: {`);
    await service.kill();
    await service.start();
    expect(await current()).toMatchObject({ hash: hashes[1], errors: [{ file: 'trial.yml' }] });
    expect((await service.evaluate(aSignup('restarted', 'second'))).ruleset.hash).toBe(hashes[1]);
    await put(good[2] ?? '');
    await eventually(async () => (await current()).hash === hashes[2]);
  }, 60_000);

  it('does not start with a kept set that somebody has changed', async () => {
    const kept = join(service.dataDir, 'good-rules.json');
    await eventually(async () => (await readFile(kept, 'utf8')).includes(String(hashes[2])));
    await put('rules: [');
    await service.stop();
    const text = await readFile(kept, 'utf8');
    await writeFile(kept, text.replace('at_least: hold', 'at_least: limit'));
    await expect(service.start()).rejects.toThrow(
      /RULES_DIR: the rules have (?:an error,|\d+ errors, the first is) trial\.yml/,
    );
    await writeFile(kept, text);
    await service.start();
    expect((await current()).hash).toBe(hashes[2]);
  }, 60_000);
});

describe('a service that cannot keep a copy of its rules', () => {
  const counted = async () =>
    /^portcullis_ruleset_loads_total\{result="refused"\} (\d+)/m.exec(
      (await service.call('GET', '/metrics')).body,
    )?.[1];

  it('starts, takes over what is changed, and refuses none of it', async () => {
    await put(good[0] ?? '');
    await service.stop();
    const copy = join(service.dataDir, 'good-rules.json');
    await rm(copy, { force: true });
    await mkdir(join(copy, 'in-the-way'), { recursive: true });
    await service.start();
    expect((await current()).hash).toBe(hashes[0]);
    const before = await counted();
    await put(good[1] ?? '');
    await eventually(async () => (await current()).hash === hashes[1], 20_000);
    await put(good[2] ?? '');
    await eventually(async () => (await current()).hash === hashes[2], 20_000);
    expect(await counted()).toBe(before);
  }, 90_000);
});
