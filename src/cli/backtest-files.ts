import { loadRulesFolder } from '../adapters/files/open-rules.js';
import { crowdTraits } from '../backtest/crowd-table.js';
import { EventRows, type EventRowsInput, type InputVariant } from '../backtest/event-rows.js';
import { openReplayData, type ReplaySources, type ReplayWorld, readListFiles } from '../compose-replay.js';
import { err, ok, type Result } from '../model/result.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { signalCatalogue } from '../signals/catalogue.js';

export interface BacktestSources extends ReplaySources {
  readonly baselineDir?: string | undefined;
}

/** Rule sets and IP data that are ready, for backtests over files. */
export interface BacktestWorld {
  readonly ruleSet: RuleSet;
  readonly baseline: RuleSet | undefined;
  /** What inputs begin with that the baseline reads otherwise. */
  readonly baselinePrefix: (name: string) => string;
  source(input: Pick<EventRowsInput, 'lines' | 'horizonMs' | 'onBadLine'>): EventRows;
}

/** Rules and IP data, or why there are none, a line each. */
export async function openBacktest(sources: BacktestSources): Promise<Result<BacktestWorld, readonly string[]>> {
  const lists = await readListFiles(sources.data);
  if (!lists.ok) return lists;
  const folders = [sources.rulesDir, sources.baselineDir].filter((folder) => folder !== undefined);
  const loaded = await Promise.all(folders.map((folder) => loadRulesFolder(folder, 'warn', lists.value)));
  const problems = loaded.flatMap(({ errors }, index) =>
    errors.map(({ file, line, column, message }) => `${folders[index]}/${file}:${line}:${column}: ${message}`),
  );
  const [ruleSet, baseline] = loaded.map((one) => one.ruleSet);
  if (problems.length > 0 || ruleSet === undefined) return err(problems);
  const data = await openReplayData(sources);
  if (!data.ok) return data;
  const sameLists = listsText(loaded[0]?.files) === listsText(loaded[1]?.files);
  const prefix = (name: string): string => (!sameLists && isSignal.has(name) ? 'baseline:' : '');
  const worlds = [ruleSet, baseline].filter((set) => set !== undefined).map((set) => data.value.worldOf(set));
  return ok({
    ruleSet,
    baseline,
    baselinePrefix: prefix,
    source: (input) => new EventRows({ ...input, variants: variantsOf(worlds) }),
  });
}

const isSignal: ReadonlySet<string> = new Set(signalCatalogue.map(({ name }) => name));

/** Lists take part in signals: sets with other lists may see another VPN. */
const listsText = (files: ReadonlyMap<string, string> = new Map()): string =>
  JSON.stringify([...files].filter(([path]) => path.startsWith('lists/')).sort());

function variantsOf(worlds: readonly ReplayWorld[]): InputVariant[] {
  return worlds.map(({ ruleSet, signalPorts }, index) => ({
    prefix: index === 0 ? '' : 'baseline:',
    ports: signalPorts,
    needed: (type) =>
      new Set([
        ...worlds.flatMap((world) => world.ruleSet.needs(type).signals.map(({ name }) => name)),
        ...(index === 0 ? crowdTraits : []),
        ...ruleSet.features.flatMap(({ by }) => by),
      ]),
  }));
}
