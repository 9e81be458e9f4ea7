import { openReplayData, type ReplayData } from '../compose-replay.js';
import { loadRuleSet } from '../ruleset/load-rule-set.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { withGivenBaselines } from '../sequences/given-baselines.js';
import { type GivenNetworks, givenNetworks } from '../sequences/given-networks.js';
import type { Stage } from '../sequences/play-sequence.js';
import { RuleTrials } from '../sequences/rule-trials.js';
import type { SequenceTest } from '../sequences/sequence-test.js';
import { watchJudging } from '../sequences/watch-judging.js';
import { complain, type Environment } from './command-arguments.js';

export interface TestWorld {
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
  const dataDir = environment.DATA_DIR || '.portcullis';
  const data = await openReplayData({ dataDir, databasesDir: environment.MAXMIND_DIR || undefined });
  if (data.ok) return data.value;
  for (const line of data.error) complain(line);
  return undefined;
}

/** Worlds for sequence tests: the rules and IP data of one run, and for each test stores of its own. */
export class TestWorlds {
  private readonly rulesByLists = new Map<string, RuleTrials>();
  private readonly networksByText = new Map<string, GivenNetworks>();

  constructor(private readonly parts: WorldParts) {}

  worldOf({ given, expectations }: SequenceTest): TestWorld {
    const trials = this.trialsWith(given.lists);
    const named = new Set(expectations.flatMap(({ values }) => [...values.keys()]));
    const watched = watchJudging(trials.ruleSet, named);
    const networks = given.networks.length === 0 ? undefined : this.networksOf(given.networks);
    const world = this.parts.data.worldOf(watched.ruleSet, networks);
    const features = (store: Parameters<typeof withGivenBaselines>[0]) => withGivenBaselines(store, given.baselines);
    return { trials, stage: { ports: (emit) => world.ports(emit, { features }), judged: watched.last } };
  }

  /** Lists are compiled into conditions: other entries make another rule set. */
  private trialsWith(lists: SequenceTest['given']['lists']): RuleTrials {
    const key = JSON.stringify([...lists]);
    const known = this.rulesByLists.get(key);
    if (known !== undefined) return known;
    const trials = new RuleTrials(lists.size === 0 ? this.parts.ruleSet : this.ruleSetWith(lists));
    this.rulesByLists.set(key, trials);
    return trials;
  }

  private ruleSetWith(lists: SequenceTest['given']['lists']): RuleSet {
    const files = new Map(this.parts.files);
    for (const [name, entries] of lists) {
      const path = `lists/${name}.txt`;
      files.set(path, `${files.get(path) ?? ''}\n${entries.join('\n')}\n`);
    }
    const { ruleSet, errors } = loadRuleSet({ files, now: this.parts.now });
    if (ruleSet === undefined) throw new Error(`given lists: ${errors[0]?.message ?? 'the rules do not load'}`);
    return ruleSet;
  }

  private networksOf(networks: SequenceTest['given']['networks']): GivenNetworks {
    const key = JSON.stringify(networks);
    const known = this.networksByText.get(key) ?? givenNetworks(networks);
    this.networksByText.set(key, known);
    return known;
  }
}
