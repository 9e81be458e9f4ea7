import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type IpTables, openIpData, openIpDataFrom } from './adapters/files/ip-data.js';
import { loadRulesFolder } from './adapters/files/open-rules.js';
import { updatableLists } from './adapters/files/update-data.js';
import { signalPortsFor } from './adapters/identity/signal-ports.js';
import { type MaxMindDatabase, openMaxMind } from './adapters/maxmind/open-maxmind.js';
import { MemoryAccessBatches } from './adapters/memory/access-batches.js';
import { MemoryAccountMemory } from './adapters/memory/account-memory.js';
import { createMemoryCaseStore, memoryCaseRecords } from './adapters/memory/case-store.js';
import { countedBytes } from './adapters/memory/counted-bytes.js';
import { MemoryDecisionLog } from './adapters/memory/decision-log.js';
import { MemoryEvidenceHistory } from './adapters/memory/evidence-history.js';
import { fastCombine, fastHash } from './adapters/memory/fast-hash.js';
import { MemoryFeatureStore } from './adapters/memory/feature-store.js';
import { MemoryTruth } from './adapters/memory/memory-truth.js';
import { noLedger } from './adapters/memory/no-ledger.js';
import { plainSealer } from './adapters/memory/plain-sealer.js';
import { MemoryRescoreSchedule } from './adapters/memory/rescore-schedule.js';
import { MemoryRings } from './adapters/memory/rings.js';
import { caseDueAt, casePriority } from './cases/case-priority.js';
import type { RingMembers } from './cases/ring-members.js';
import { runDueBatches } from './cases/run-batches.js';
import type { EvaluatorPorts } from './evaluate/evaluator-ports.js';
import { prepareSnapshot } from './evaluate/prepare-snapshot.js';
import { RuleActivity } from './evaluate/rule-activity.js';
import type { Snapshot } from './evaluate/snapshot.js';
import type { FeatureStore } from './features/feature-store.js';
import { parseListFile } from './lists/parse-list-file.js';
import { type IdPrefix, newId } from './model/ids.js';
import { err, ok, type Result } from './model/result.js';
import type { AccountStanding } from './model/ring.js';
import type { EventNow, Instant } from './model/time.js';
import type { DueWork } from './replay/due-work.js';
import { RingFollowing, ringTelling } from './replay/follow-rings.js';
import { forgetting } from './replay/forgetting.js';
import { type RememberedLetThrough, rememberLetThrough } from './replay/remember-let-through.js';
import { ReplayClock } from './replay/replay-clock.js';
import type { ReplayLine } from './replay/replay-line.js';
import type { ReplayPorts } from './replay/replay-ports.js';
import type { RuleSet } from './ruleset/rule-set.js';
import type { SignalPorts } from './signals/signal-context.js';

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

/** What a single replay does not take from the world it plays in. */
export interface WorldChanges {
  /** For readings that are given instead of counted. */
  readonly features?: ((store: FeatureStore) => FeatureStore) | undefined;
}

/** IP data that is open: worlds of any rule set over it. */
export interface ReplayData {
  /** `networks` are asked first. */
  worldOf(ruleSet: RuleSet, networks?: IpTables): ReplayWorld;
}

/** Rules and IP data for replays, or why there are none, a line each. */
export async function openReplay(sources: ReplaySources): Promise<Result<ReplayWorld, readonly string[]>> {
  const lists = await readListFiles(sources.data);
  if (!lists.ok) return lists;
  const read = await loadRulesFolder(sources.rulesDir, 'warn', lists.value).then(ok, (failure: NodeJS.ErrnoException) =>
    err([`cannot read the rules directory '${sources.rulesDir}': ${failure.code ?? failure.message}`]),
  );
  if (!read.ok) return read;
  const loaded = read.value;
  if (loaded.ruleSet === undefined)
    return err(loaded.errors.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`));
  const data = await openReplayData(sources);
  return data.ok ? ok(data.value.worldOf(loaded.ruleSet)) : data;
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
        ports: (emit, changes = {}) => replayPorts({ ruleSet, snapshot: snapshot(), emit, changes }),
      };
    },
  });
}

const noListener = { ruleHit: () => undefined, fuseBlown: () => undefined };

const firstOf = (first: IpTables, second: IpTables): IpTables => ({
  network: (address) => first.network(address) ?? second.network(address),
  country: (address) => first.country(address) ?? second.country(address),
});

/** Lists of `--data`, by their path in a rule set. */
export async function readListFiles(
  data: string | undefined,
): Promise<Result<ReadonlyMap<string, string>, readonly string[]>> {
  const files = new Map<string, string>();
  const folder = join(data ?? '', 'lists');
  if (data === undefined || !existsSync(folder)) return ok(files);
  const problems: string[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.txt')).sort()) {
    const text = withKind(name, await readFile(join(folder, name), 'utf8'));
    const parsed = parseListFile(name, text.text);
    if (parsed.ok) files.set(`lists/${name}`, text.text);
    else problems.push(...parsed.error.map((one) => `${join(folder, name)}:${one.line - text.added}: ${one.message}`));
  }
  return problems.length > 0 ? err(problems) : ok(files);
}

/** A known list need not say what it holds, an empty one could not. */
function withKind(file: string, text: string): { text: string; added: number } {
  const kind = updatableLists[file.replace(/\.txt$/, '')];
  if (kind === undefined || /^\s*#\s*type:/m.test(text)) return { text, added: 0 };
  return { text: `# type: ${kind}\n${text.replace(/^\uFEFF/, '')}`, added: 1 };
}

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

interface World {
  readonly ruleSet: RuleSet;
  readonly snapshot: Snapshot;
  readonly emit: (line: ReplayLine) => void;
  readonly changes: WorldChanges;
}

function replayPorts({ ruleSet, snapshot, emit, changes }: World): ReplayPorts {
  const clock = new ReplayClock();
  const eventNow = async () => clock.now();
  const random = countedBytes();
  const truth = new MemoryTruth('state');
  const memory = new MemoryAccountMemory();
  const counted = new MemoryFeatureStore();
  const features = changes.features?.(counted) ?? counted;
  const rings = new MemoryRings(ruleSet.links.map(({ spec }) => spec));
  const madeId = (prefix: IdPrefix): string => newId(prefix, clock.now(), random);
  const schedule = new MemoryRescoreSchedule(truth, madeId);
  const following = new RingFollowing(rings, schedule);
  const proofs = new MemoryEvidenceHistory(truth);
  const remembering = rememberLetThrough(new MemoryDecisionLog(truth), ruleSet);
  const { letThrough } = remembering;
  const story: EvaluatorPorts = {
    snapshot: () => snapshot,
    ledger: noLedger,
    memory,
    features,
    rings,
    log: ringTelling(remembering.log, following),
    listener: { accessCommitted: async () => undefined },
    cases: {
      priority: (score, ringSize, cost) => casePriority({ score, ringSize, cost }),
      dueAt: (openedAt, priority, sla) => caseDueAt({ priority, openedAt, ...sla }),
    },
    clock,
    elapsed: () => 0,
    random,
    hashIdentifier: fastHash,
    hashBody: () => '',
    eventsAreUnique: true,
    sealer: plainSealer,
    eventTime: 'trusted',
    eventNow,
  };
  return {
    story,
    clock,
    cases: createMemoryCaseStore(truth, {
      claimSecret: 'replay',
      random,
      sharedBy: (accountId, shown) =>
        proofs.sharedBy(accountId, shown, ruleSet.policy.verification.accountsPerIdentifier),
    }),
    features,
    memory,
    schedule,
    rings: following,
    evidence: { story, memory, features, history: proofs, traces: following, schedule, eventNow },
    works: [holdingBack({ truth, rings, ruleSet, letThrough, clock, eventNow, madeId })],
    standingOf: (accountId, at) => standingOf(truth, accountId, at),
    ringOf: (accountId, at) => rings.graph.find(accountId, [], at).own,
    takeMessages() {
      const { outbox } = truth;
      if (outbox.length > 0) truth.outbox = [];
      // Nobody asks for it after a replay.
      truth.audit.length = 0;
      return outbox;
    },
    forget: forgetting(clock, (before) => {
      truth.forgetBefore(before);
      memory.forgetBefore(before);
    }),
    emit,
  };
}

interface HoldingBack {
  readonly truth: MemoryTruth;
  readonly rings: MemoryRings;
  readonly ruleSet: RuleSet;
  readonly letThrough: RememberedLetThrough['letThrough'];
  readonly clock: ReplayClock;
  readonly eventNow: EventNow;
  readonly madeId: (prefix: IdPrefix) => string;
}

/** Earlier members of rings that were found out. */
function holdingBack({ truth, rings, ruleSet, letThrough, clock, eventNow, madeId }: HoldingBack): DueWork {
  const batches = new MemoryAccessBatches(truth);
  const records = memoryCaseRecords(truth);
  const policy = () => ruleSet.policy.retroHold;
  const sla = () => ruleSet.policy.sla;
  const members = pagedMembers(rings);
  const ports = { records, batches, members, policy, sla, letThrough, clock, eventNow, newId: madeId };
  return {
    nextAt: () => batches.nextAt(),
    run: async () => void (await runDueBatches(ports)),
  };
}

const pagedMembers = (rings: MemoryRings): RingMembers => ({
  async membersOf(ringId, { after, limit }) {
    const all = rings.membersOf(ringId);
    const from = after === undefined ? 0 : all.findIndex(({ accountId }) => accountId === after.accountId) + 1;
    return all.slice(from, from + limit);
  },
});

/** What the truth knows of an account that rings have to know. */
function standingOf(truth: MemoryTruth, accountId: string, at: Instant): AccountStanding | undefined {
  const account = truth.accounts.get(accountId);
  if (account === undefined) return undefined;
  const { state, label, verified } = account;
  return { accountId, at, held: state === 'held' || state === 'denied', fraud: label === 'fraud', verified };
}
