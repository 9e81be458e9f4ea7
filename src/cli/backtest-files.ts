import { loadRulesFolder } from '../adapters/files/open-rules.js';
import { readDataLists, unreadLists } from '../adapters/replay/data-folder.js';
import { openReplayData, type ReplaySources, type ReplayWorld } from '../adapters/replay/open-replay.js';
import { crowdTraits } from '../backtest/crowd-table.js';
import { EventRows, type EventRowsInput, type HistoryReadings, type InputVariant } from '../backtest/event-rows.js';
import { coversHistory, readsHistory } from '../backtest/history-needs.js';
import { err, ok, type Result } from '../model/result.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { signalCatalogue } from '../signals/catalogue.js';

interface BacktestSources extends ReplaySources {
  readonly baselineDir?: string | undefined;
  /** Each rule set is judged on the history that it would have made itself. */
  readonly exact?: boolean | undefined;
}

/** Histories by their rule set: its own, or the one that both are judged on. */
interface PlacedHistory {
  place(places: ReadonlyMap<string, number>): HistoryReadings;
}

/** A history that has to be there before rules can be judged. */
export interface NeededHistory {
  readonly world: ReplayWorld;
  readonly lists: string;
}

/** Rule sets and IP data that are ready, for backtests over files. */
export interface BacktestWorld {
  /** What somebody should know of the data, a sentence each. */
  readonly notices: readonly string[];
  readonly ruleSet: RuleSet;
  readonly baseline: RuleSet | undefined;
  /** What inputs begin with that the baseline reads otherwise. */
  readonly baselinePrefix: (name: string) => string;
  /** None, one for both rule sets, or the rule set's and the baseline's. */
  readonly histories: readonly NeededHistory[];
  /** `histories`: those that were needed, opened. */
  source(input: Omit<EventRowsInput, 'variants'>, histories?: readonly PlacedHistory[]): EventRows;
}

/** Rules and IP data, or why there are none, a line each. */
export async function openBacktest(sources: BacktestSources): Promise<Result<BacktestWorld, readonly string[]>> {
  const lists = await readDataLists(sources.data);
  if (!lists.ok) return lists;
  const folders = [sources.rulesDir, sources.baselineDir].filter((folder) => folder !== undefined);
  const loaded = await Promise.all(folders.map((folder) => loadRulesFolder(folder, 'warn', lists.value)));
  const problems = loaded.flatMap(({ errors }, index) =>
    errors.map(({ file, line, column, message }) => `${folders[index]}/${file}:${line}:${column}: ${message}`),
  );
  if (problems.length > 0) return err(problems);
  const data = await openReplayData(sources);
  if (!data.ok) return data;
  const contenders = loaded.flatMap(({ ruleSet, files }) =>
    ruleSet === undefined ? [] : [{ world: data.value.worldOf(ruleSet), lists: listsText(files) }],
  );
  const [first, second] = contenders;
  if (first === undefined) return err(['there are no rules']);
  const notices = unreadLists(sources.data, lists.value, loaded);
  return ok({ notices, ...backtestWorld(first, second, sources.exact === true) });
}

function backtestWorld(
  first: NeededHistory,
  second: NeededHistory | undefined,
  exact: boolean,
): Omit<BacktestWorld, 'notices'> {
  const { ruleSet } = first.world;
  const baseline = second?.world.ruleSet;
  const sameLists = second === undefined || first.lists === second.lists;
  const histories = neededHistories(first, second, { exact, sameLists });
  const isOwn = (name: string): boolean => (isSignal.has(name) ? !sameLists : histories.length > 1);
  return {
    ruleSet,
    baseline,
    baselinePrefix: (name) => (isOwn(name) ? baselineKey : ''),
    histories,
    source: (input, opened = []) => new EventRows({ ...input, variants: variantsOf([first, second], opened) }),
  };
}

/** What the baseline decided is history to both, where the rule set only decides otherwise. */
function neededHistories(
  first: NeededHistory,
  second: NeededHistory | undefined,
  { exact, sameLists }: { readonly exact: boolean; readonly sameLists: boolean },
): readonly NeededHistory[] {
  const all = second === undefined ? [first] : [first, second];
  if (!all.some(({ world }) => readsHistory(world.ruleSet))) return [];
  if (second === undefined) return all;
  const isShared = !exact && sameLists && coversHistory(second.world.ruleSet, first.world.ruleSet);
  return isShared ? [second] : all;
}

const baselineKey = 'baseline:';
const isSignal: ReadonlySet<string> = new Set(signalCatalogue.map(({ name }) => name));

/** Lists take part in signals: sets with other lists may see another VPN. */
const listsText = (files: ReadonlyMap<string, string>): string =>
  JSON.stringify([...files].filter(([path]) => path.startsWith('lists/')).sort());

function variantsOf(
  contenders: readonly (NeededHistory | undefined)[],
  histories: readonly PlacedHistory[],
): InputVariant[] {
  const worlds = contenders.flatMap((contender) => (contender === undefined ? [] : [contender.world]));
  return worlds.map(({ signalPorts }, index) => {
    const history = histories[index];
    return {
      prefix: index === 0 ? '' : baselineKey,
      ports: signalPorts,
      needed: (type) =>
        new Set([
          ...worlds.flatMap(({ ruleSet }) => ruleSet.needs(type).signals.map(({ name }) => name)),
          ...(index === 0 ? crowdTraits : []),
        ]),
      ...(history === undefined ? {} : { openHistory: (places: ReadonlyMap<string, number>) => history.place(places) }),
    };
  });
}
