import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeRules, type Rules } from '../../src/compose/rules.js';
import { readConfig } from '../../src/config.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { eventually } from './eventually.js';
import { loaders } from './rule-loaders.js';
import { writeRules } from './service.js';
import { planRule, trialRules } from './trial-rules.js';

const trial = trialRules['trial.yml'] ?? '';

/** The trial rules with one more, which tells one version from another. */
export const versionText = (name: string): string => `${trial}${planRule(name, 'hold')}`;

/** A rules folder as a running service watches it, in a temporary folder. */
export interface WatchedRules {
  readonly home: string;
  readonly rulesDir: string;
  readonly rules: Rules;
  hash(): string;
  ids(): readonly string[];
  errors(): readonly { readonly file: string; readonly code: string }[];
  /** How many loads have ended so. */
  loads(result: 'loaded' | 'refused'): Promise<number>;
  /** Waits until the rule of this version decides. */
  isInUse(version: string): Promise<void>;
  close(): Promise<void>;
}

/** `place` puts the rules where they are to be watched, and says where. */
export async function watchRules(place: (home: string) => Promise<string> = plainFolder): Promise<WatchedRules> {
  const home = await mkdtemp(join(tmpdir(), 'portcullis-watched-'));
  const rulesDir = await place(home);
  const read = readConfig({ RULES_DIR: rulesDir, DATA_DIR: join(home, 'data') });
  if (!read.ok) throw new Error(read.lines.join('\n'));
  const metrics = createMetrics();
  const rules = await composeRules({
    config: read.config,
    log: silentLogger,
    metrics,
    clock: { now: () => Date.now() },
    hashIdentifier: (_name, value) => value,
    // The other loader is the one of test/service/reload.test.ts.
    loader: (folder) => loaders['in the same thread'](folder, read.config),
  });
  const ids = (): readonly string[] => rules.live.snapshot().ruleSet.rules.map(({ id }) => id);
  return {
    home,
    rulesDir,
    rules,
    hash: () => rules.live.snapshot().ruleSet.hash,
    ids,
    errors: () => rules.live.current().errors,
    async loads(result) {
      const { values } = await metrics.rulesetLoads.get();
      return values.find(({ labels }) => labels.result === result)?.value ?? 0;
    },
    async isInUse(version) {
      await eventually(async () => ids().includes(`trial-${version}`) && rules.live.current().errors.length === 0);
    },
    async close() {
      await rules.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function plainFolder(home: string): Promise<string> {
  await writeRules(join(home, 'rules'), trialRules);
  return join(home, 'rules');
}
