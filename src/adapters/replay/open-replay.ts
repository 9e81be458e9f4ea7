import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareSnapshot } from '../../evaluate/prepare-snapshot.js';
import { RuleActivity } from '../../evaluate/rule-activity.js';
import type { Snapshot } from '../../evaluate/snapshot.js';
import { err, ok, type Result } from '../../model/result.js';
import type { ReplayLine } from '../../replay/replay-line.js';
import type { ReplayPorts } from '../../replay/replay-ports.js';
import type { RuleSet } from '../../ruleset/rule-set.js';
import type { SignalPorts } from '../../signals/signal-context.js';
import { type IpTables, openIpData, openIpDataFrom } from '../files/ip-data.js';
import { loadRulesFolder } from '../files/open-rules.js';
import { signalPortsFor } from '../identity/signal-ports.js';
import { type MaxMindDatabase, openMaxMind } from '../maxmind/open-maxmind.js';
import { fastCombine, fastHash } from '../memory/fast-hash.js';
import { readDataLists, unreadLists } from './data-folder.js';
import { memoryReplayPorts, type WorldChanges } from './memory-replay-ports.js';

export interface ReplaySources {
  readonly rulesDir: string;
  /** `--data DIR`: asn.csv, country.csv, *.mmdb, and lists/ that replace the rule set's. */
  readonly data?: string | undefined;
  /** Where the service keeps compiled and newer IP tables. */
  readonly dataDir: string;
  /** Where the operator keeps *.mmdb. */
  readonly databasesDir?: string | undefined;
}

/** A rule set and IP data that are ready; each replay starts from nothing. */
export interface ReplayWorld {
  readonly ruleSet: RuleSet;
  /** For whoever computes signals without deciding. */
  readonly signalPorts: SignalPorts;
  ports(emit: (line: ReplayLine) => void, changes?: WorldChanges): ReplayPorts;
}

interface OpenedReplay extends ReplayWorld {
  /** What somebody should know of the data, a sentence each. */
  readonly notices: readonly string[];
}

/** IP data that is open: worlds of any rule set over it. */
export interface ReplayData {
  /** `networks` are asked first. */
  worldOf(ruleSet: RuleSet, networks?: IpTables): ReplayWorld;
}

/** Rules and IP data for replays, or why there are none, a line each. */
export async function openReplay(sources: ReplaySources): Promise<Result<OpenedReplay, readonly string[]>> {
  const lists = await readDataLists(sources.data);
  if (!lists.ok) return lists;
  const read = await loadRulesFolder(sources.rulesDir, 'warn', lists.value).then(ok, (failure: NodeJS.ErrnoException) =>
    err([`cannot read the rules directory '${sources.rulesDir}': ${failure.code ?? failure.message}`]),
  );
  if (!read.ok) return read;
  const loaded = read.value;
  if (loaded.ruleSet === undefined)
    return err(loaded.errors.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`));
  const data = await openReplayData(sources);
  if (!data.ok) return data;
  const notices = unreadLists(sources.data, lists.value, [loaded]);
  return ok({ ...data.value.worldOf(loaded.ruleSet), notices });
}

/** IP data alone, for whoever brings rule sets of its own. */
export async function openReplayData(
  sources: Omit<ReplaySources, 'rulesDir'>,
): Promise<Result<ReplayData, readonly string[]>> {
  const ip = await openIp(sources);
  if (!ip.ok) return ip;
  const { tables, databases } = ip.value;
  const usual = signalPortsFor(ip.value);
  return ok({
    worldOf(ruleSet, networks) {
      const portsFor =
        networks === undefined ? usual : signalPortsFor({ tables: firstOf(networks, tables), databases });
      const signalPorts = portsFor(ruleSet.lists);
      // What is prepared is the same for every replay; what rules have done so far is each one's own.
      let prepared: Snapshot | undefined;
      const snapshot = (): Snapshot => {
        prepared ??= prepareSnapshot(ruleSet, {
          ports: signalPorts,
          hash: fastHash,
          combine: fastCombine,
          listener: noListener,
        });
        return { ...prepared, activity: new RuleActivity(ruleSet, noListener) };
      };
      return {
        ruleSet,
        signalPorts,
        ports: (emit, changes = {}) => memoryReplayPorts({ ruleSet, snapshot: snapshot(), emit, changes }),
      };
    },
  });
}

const noListener = { ruleHit: () => undefined, fuseBlown: () => undefined };

const firstOf = (first: IpTables, second: IpTables): IpTables => ({
  network: (address) => first.network(address) ?? second.network(address),
  country: (address) => first.country(address) ?? second.country(address),
});

interface IpSources {
  readonly tables: IpTables;
  readonly databases: readonly MaxMindDatabase[];
}

/** What `--data` brings takes the place of what the service would use, file by file. */
async function openIp(sources: Omit<ReplaySources, 'rulesDir'>): Promise<Result<IpSources, readonly string[]>> {
  const { data, dataDir } = sources;
  const [tables, own, given] = await Promise.all([
    openIpData({ dataDir, log: silent }),
    openOwnDatabases(sources),
    data === undefined ? undefined : openIpDataFrom(data),
  ]);
  if (given === undefined || data === undefined) return ok({ tables, databases: own });
  if (given.problems.length > 0) return err(given.problems);
  const from = (file: string): IpTables => (existsSync(join(data, file)) ? given.tables : tables);
  const [networks, countries] = [from('asn.csv'), from('country.csv')];
  return ok({
    tables: {
      network: (address) => networks.network(address),
      country: (address) => countries.country(address),
    },
    databases: given.databases.length > 0 ? given.databases : own,
  });
}

/** Those that the service would open. */
async function openOwnDatabases({
  dataDir,
  databasesDir,
}: Pick<ReplaySources, 'dataDir' | 'databasesDir'>): Promise<readonly MaxMindDatabase[]> {
  const updated = join(dataDir, 'ip');
  const folders = [databasesDir, existsSync(updated) ? updated : undefined].filter((dir) => dir !== undefined);
  return (await Promise.all(folders.map(openMaxMind))).flatMap(({ databases }) => databases);
}

const silent = { info: () => undefined, warn: () => undefined };
