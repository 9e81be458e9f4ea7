import { openReplayData, type ReplayData, type ReplayWorld } from '../adapters/replay/open-replay.js';
import type { FeatureStore } from '../features/feature-store.js';
import { builtInLists } from '../lists/built-in-lists.js';
import { loadRuleSet } from '../ruleset/load-rule-set.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { withGivenBaselines } from '../sequences/given-baselines.js';
import { givenNetworks } from '../sequences/given-networks.js';
import type { Stage } from '../sequences/play-sequence.js';
import { RuleTrials } from '../sequences/rule-trials.js';
import type { Given, SequenceTest } from '../sequences/sequence-test.js';
import { type WatchedRules, watchJudging } from '../sequences/watch-judging.js';
import { readToolConfig } from '../tool-config.js';
import { complain, type Environment } from './command-arguments.js';

interface TestWorld {
  readonly stage: Stage;
  readonly trials: RuleTrials;
}

export interface WorldParts {
  readonly files: ReadonlyMap<string, string>;
  readonly ruleSet: RuleSet;
  readonly data: ReplayData;
  readonly now: number;
}

/** The IP data that a service here would use; undefined when it cannot be opened, which is told. */
export async function openTestData(environment: Environment): Promise<ReplayData | undefined> {
  const { dataDir, databasesDir } = readToolConfig(environment);
  const data = await openReplayData({ dataDir, databasesDir });
  if (data.ok) return data.value;
  for (const line of data.error) complain(line);
  return undefined;
}

/** Rules, lists and networks that tests share; the tests of a run are played one after the other. */
interface Ground {
  readonly trials: RuleTrials;
  readonly world: ReplayWorld;
  readonly judged: WatchedRules['last'];
}

/** Worlds for sequence tests: the rules and IP data of one run, and for each test stores of its own. */
export class TestWorlds {
  private readonly trialsByLists = new Map<string, RuleTrials>();
  private readonly grounds = new Map<string, Ground>();

  constructor(private readonly parts: WorldParts) {}

  worldOf({ given, expectations }: SequenceTest): TestWorld {
    const named = new Set(expectations.flatMap(({ values }) => [...values.keys()]));
    const { trials, world, judged } = this.groundOf(given, named);
    const features = (store: FeatureStore): FeatureStore => withGivenBaselines(store, given.baselines);
    return { trials, stage: { ports: (emit) => world.ports(emit, { features }), judged } };
  }

  private groundOf(given: Given, named: ReadonlySet<string>): Ground {
    const key = JSON.stringify([[...given.lists], given.networks, [...named].sort()]);
    const known = this.grounds.get(key);
    if (known !== undefined) return known;
    const trials = this.trialsWith(given.lists);
    const watched = watchJudging(trials.ruleSet, named);
    const networks = given.networks.length === 0 ? undefined : givenNetworks(given.networks);
    const world = this.parts.data.worldOf(watched.ruleSet, networks);
    const ground = { trials, world, judged: watched.last };
    this.grounds.set(key, ground);
    return ground;
  }

  /** Lists are compiled into conditions: other entries make another rule set. */
  private trialsWith(lists: Given['lists']): RuleTrials {
    const key = JSON.stringify([...lists]);
    const known = this.trialsByLists.get(key);
    if (known !== undefined) return known;
    const trials = new RuleTrials(lists.size === 0 ? this.parts.ruleSet : this.ruleSetWith(lists));
    this.trialsByLists.set(key, trials);
    return trials;
  }

  private ruleSetWith(lists: Given['lists']): RuleSet {
    const files = new Map(this.parts.files);
    for (const [name, entries] of lists) {
      const path = `lists/${name}.txt`;
      const before = files.get(path) ?? `# type: ${builtInLists.get(name) ?? 'value'}`;
      files.set(path, `${before}\n${entries.join('\n')}\n`);
    }
    const { ruleSet, errors } = loadRuleSet({ files, now: this.parts.now });
    if (ruleSet === undefined) throw new Error(`given lists: ${errors[0]?.message ?? 'the rules do not load'}`);
    return ruleSet;
  }
}
