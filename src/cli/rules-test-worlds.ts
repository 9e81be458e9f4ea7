import { openReplayData, type ReplayData } from '../compose-replay.js';
import { loadRuleSet } from '../ruleset/load-rule-set.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { withGivenBaselines } from '../sequences/given-baselines.js';
import { type GivenNetworks, givenNetworks } from '../sequences/given-networks.js';
import type { Stage } from '../sequences/play-sequence.js';
import { RuleTrials } from '../sequences/rule-trials.js';
import type { SequenceTest } from '../sequences/sequence-test.js';
import { watchJudging } from '../sequences/watch-judging.js';
import type { Environment } from './command-arguments.js';

export interface TestWorld {
  readonly stage: Stage;
  readonly trials: RuleTrials;
}

/** Worlds for sequence tests: the rules and IP data of one run, and for each test stores of its own. */
export class TestWorlds {
  private readonly rulesByLists = new Map<string, RuleTrials>();
  private readonly networksByText = new Map<string, GivenNetworks>();

  private constructor(
    private readonly files: ReadonlyMap<string, string>,
    private readonly ruleSet: RuleSet,
    private readonly data: ReplayData,
    private readonly now: number,
  ) {}

  /** Undefined when the IP data cannot be opened, which is told by `complain`. */
  static async open(
    rules: { readonly files: ReadonlyMap<string, string>; readonly ruleSet: RuleSet; readonly now: number },
    environment: Environment,
    complain: (line: string) => void,
  ): Promise<TestWorlds | undefined> {
    const dataDir = environment.DATA_DIR || '.portcullis';
    const data = await openReplayData({ dataDir, databasesDir: environment.MAXMIND_DIR || undefined });
    if (data.ok) return new TestWorlds(rules.files, rules.ruleSet, data.value, rules.now);
    for (const line of data.error) complain(line);
    return undefined;
  }

  worldOf({ given }: SequenceTest): TestWorld {
    const trials = this.trialsWith(given.lists);
    const watched = watchJudging(trials.ruleSet);
    const networks = given.networks.length === 0 ? undefined : this.networksOf(given.networks);
    const world = this.data.worldOf(watched.ruleSet, networks);
    const features = (store: Parameters<typeof withGivenBaselines>[0]) => withGivenBaselines(store, given.baselines);
    return { trials, stage: { ports: (emit) => world.ports(emit, { features }), judged: watched.last } };
  }

  /** Lists are compiled into conditions: other entries make another rule set. */
  private trialsWith(lists: SequenceTest['given']['lists']): RuleTrials {
    const key = JSON.stringify([...lists]);
    const known = this.rulesByLists.get(key);
    if (known !== undefined) return known;
    const trials = new RuleTrials(lists.size === 0 ? this.ruleSet : this.ruleSetWith(lists));
    this.rulesByLists.set(key, trials);
    return trials;
  }

  private ruleSetWith(lists: SequenceTest['given']['lists']): RuleSet {
    const files = new Map(this.files);
    for (const [name, entries] of lists) {
      const path = `lists/${name}.txt`;
      files.set(path, `${files.get(path) ?? ''}\n${entries.join('\n')}\n`);
    }
    const { ruleSet, errors } = loadRuleSet({ files, now: this.now });
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
