import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { combineHashes } from '../adapters/crypto/identifier-hash.js';
import { folderSignature } from '../adapters/files/folder-signature.js';
import { openIpData } from '../adapters/files/ip-data.js';
import { openRules, RulesFolder } from '../adapters/files/open-rules.js';
import { OtherThreadLoader } from '../adapters/files/reload/other-thread-loader.js';
import type { RulesLoader } from '../adapters/files/reload/rules-loader.js';
import type { FolderChange } from '../adapters/files/settled-calls.js';
import { OtherThreadValidator } from '../adapters/files/validate/other-thread-validator.js';
import { watchFolder } from '../adapters/files/watch-folder.js';
import { signalPortsFor } from '../adapters/identity/signal-ports.js';
import { type OpenedDatabases, openMaxMind } from '../adapters/maxmind/open-maxmind.js';
import type { Config } from '../config.js';
import { LiveRuleSet } from '../evaluate/live-rule-set.js';
import { prepareSnapshot } from '../evaluate/prepare-snapshot.js';
import type { RuleActivityListener } from '../evaluate/rule-activity.js';
import type { RuleBook } from '../evaluate/rule-book.js';
import type { Snapshot } from '../evaluate/snapshot.js';
import type { RulesView } from '../http/http-services.js';
import { ListAdditions } from '../lists/list-additions.js';
import type { HashIdentifier } from '../model/entity.js';
import { ok } from '../model/result.js';
import { runInSlices } from '../model/steps.js';
import type { Clock } from '../model/time.js';
import type { Loaded } from '../ruleset/load-rule-set.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { KeptRuleSet } from '../ruleset/rule-set-archive.js';
import { followAdditions } from '../signals/follow-additions.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';

/** The rule set in use, kept up to date with its folder. */
export interface Rules {
  readonly live: LiveRuleSet;
  readonly view: RulesView;
  readonly description: string;
  readonly ipDescription: string;
  /** Another rule set on the same IP data. */
  prepare(ruleSet: RuleSet): Snapshot;
  /** Entries that were added to lists, which all rule sets here read. */
  readonly additions: ListAdditions;
  /** Texts of the set in use, by path. */
  filesInUse(): ReadonlyMap<string, string>;
  /** Tells of the set in use now, at once, and of each later one before anything is decided with it. */
  onUse(listen: (set: KeptRuleSet) => void): void;
  close(): Promise<void>;
}

interface RulesOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly hashIdentifier: HashIdentifier;
  /** What rules do, whichever set they are in. */
  readonly book?: RuleBook | undefined;
  readonly elapsed?: (() => number) | undefined;
  /** Loads the folder when it has changed; in a thread of its own by default. */
  readonly loader?: ((folder: RulesFolder) => RulesLoader) | undefined;
}

export async function composeRules(options: RulesOptions): Promise<Rules> {
  const { config, log, clock, hashIdentifier } = options;
  const folder = new RulesFolder(config.RULES_DIR);
  const seen = await folderSignature(config.RULES_DIR);
  const [first, tables, maxmind] = await Promise.all([
    openRules(folder, config.DATA_DIR),
    openIpData({ dataDir: config.DATA_DIR, log }),
    openDatabases(config),
  ]);
  if (config.MAXMIND_DIR !== undefined && maxmind.databases.length === 0)
    throw new Error(`MAXMIND_DIR: ${maxmind.problems[0] ?? `${config.MAXMIND_DIR} holds no *.mmdb file`}`);
  for (const problem of [...(first.unkept === undefined ? [] : [first.unkept]), ...maxmind.problems])
    log.warn({}, problem);
  const portsFor = signalPortsFor({ tables, databases: maxmind.databases });
  const additions = new ListAdditions();
  const listener = tell(options);
  const prepare = (ruleSet: RuleSet) =>
    prepareSnapshot(ruleSet, {
      ports: followAdditions(additions, () => portsFor(additions.follow(ruleSet.lists))),
      hash: hashIdentifier,
      combine: combineHashes,
      listener,
      elapsed: options.elapsed,
    });
  const live = new LiveRuleSet(first.ruleSet, prepare, clock, options.book);
  live.offer({ errors: first.errors, warnings: first.warnings });
  announce(live, options, first.errors.length === 0);
  const inUse = new SetInUse({ hash: first.ruleSet.hash, version: first.ruleSet.version, files: first.files });
  let isOver = false;
  const linted = lintFirst(live, first, () => isOver);
  const validator = new OtherThreadValidator();
  const loader = options.loader?.(folder) ?? inOtherThread(folder, config);
  const watch = watchFolder(config.RULES_DIR, seen, async (change) => {
    isOver = true;
    await linted;
    await reload({ live, inUse, loader, change }, options);
  });
  return {
    live,
    prepare,
    view: viewOf(live, clock, validator),
    description: `${first.ruleSet.rules.length} rules, version ${first.ruleSet.version}, from ${config.RULES_DIR}`,
    ipDescription: ['ASN and country tables', ...maxmind.databases.map(({ type }) => type)].join(', '),
    additions,
    filesInUse: () => inUse.files,
    onUse: (listen) => inUse.tell(listen),
    async close() {
      isOver = true;
      await Promise.all([linted, watch.close()]);
      await Promise.all([loader.close(), validator.close()]);
    },
  };
}

/** The texts of the rule set in use, for whoever keeps them. */
class SetInUse {
  #listen: (set: KeptRuleSet) => void = () => undefined;

  constructor(private set: KeptRuleSet) {}

  get files(): ReadonlyMap<string, string> {
    return this.set.files;
  }

  tell(listen: (set: KeptRuleSet) => void): void {
    this.#listen = listen;
    listen(this.set);
  }

  change(set: KeptRuleSet): void {
    this.set = set;
    this.#listen(set);
  }
}

interface Reload {
  readonly live: LiveRuleSet;
  readonly inUse: SetInUse;
  readonly loader: RulesLoader;
  readonly change: FolderChange;
}

/**
 * Between two slices all requests that wait have a turn. Milliseconds: with the longest step and a collection of garbage on
 * top, nobody waits for ten.
 */
const pace = {
  elapsed: () => performance.now(),
  breathe: () => new Promise<void>((resolve) => setImmediate(resolve)),
  sliceMs: 1,
};

interface Linting {
  readonly lints?: Loaded['lints'];
}

/** A service that was just started has other things to do; one that has run for so long wants its next rules soon. */
const warmAfterMs = 30_000;

const inOtherThread = ({ memory }: RulesFolder, { RULES_DIR, DATA_DIR }: Config): RulesLoader =>
  new OtherThreadLoader({ folder: RULES_DIR, dataDir: DATA_DIR, pace, first: memory, warmAfterMs });

/** Warnings come when they are found: nothing waits for them. */
async function lintFirst(live: LiveRuleSet, { lints }: Linting, isOvertaken: () => boolean): Promise<void> {
  const warnings = lints === undefined ? undefined : await runInSlices(lints(), { ...pace, isOvertaken });
  if (warnings !== undefined) live.offer({ errors: [], warnings });
}

/** The operator's databases, and those that `data update` has brought. */
async function openDatabases({ MAXMIND_DIR, DATA_DIR }: Config): Promise<OpenedDatabases> {
  const updated = join(DATA_DIR, 'ip');
  const folders = [MAXMIND_DIR, existsSync(updated) ? updated : undefined].filter((dir) => dir !== undefined);
  const opened = await Promise.all(folders.map(openMaxMind));
  return {
    databases: opened.flatMap(({ databases }) => databases),
    problems: opened.flatMap(({ problems }) => problems),
  };
}

/** A changed folder is compiled aside and swapped in whole; with any error the set in use goes on, loudly. */
async function reload({ live, inUse, loader, change }: Reload, options: RulesOptions): Promise<void> {
  const { log, metrics } = options;
  try {
    const { isOvertaken } = change;
    const loaded = await loader.load(isOvertaken);
    if (loaded === undefined || !(await change.settled())) return;
    if (live.offer(loaded) && loaded.ruleSet !== undefined) {
      const { hash, version } = loaded.ruleSet;
      inUse.change({ hash, version, files: loaded.files });
      // They are in use all the same.
      await loader.keep(loaded).catch((error) => log.warn({ error }, 'the last good rules could not be kept'));
    }
    announce(live, options, loaded.errors.length === 0);
    if (loaded.ruleSet === undefined) return;
    const warnings = await loader.lint(loaded, isOvertaken);
    if (warnings !== undefined) live.offer({ errors: [], warnings });
  } catch (error) {
    metrics.rulesetLoads.inc({ result: 'refused' });
    log.error({ error }, 'the rules could not be loaded; the rule set in use goes on');
  }
}

function announce(live: LiveRuleSet, { log, metrics }: RulesOptions, isGood: boolean): void {
  const { snapshot, errors, warnings } = live.current();
  const { version, hash } = snapshot.ruleSet;
  metrics.rulesetLoads.inc({ result: isGood ? 'loaded' : 'refused' });
  metrics.rulesetInfo.reset();
  metrics.rulesetInfo.set({ version, hash }, 1);
  if (!isGood) {
    log.error({ version, errors: errors.slice(0, 20) }, 'the rules have errors; the last good set goes on');
    return;
  }
  log.info({ version, hash }, 'rule set in use');
  if (warnings.some(({ code }) => code === 'W048'))
    log.error({ version, hash }, 'the policy has gone: the default thresholds and caps decide');
}

const tell = ({ log, metrics }: RulesOptions): RuleActivityListener => ({
  ruleHit: (rule, mode) => metrics.ruleHits.inc({ rule, mode }),
  fuseBlown: (blown) => {
    metrics.ruleFuses.inc({ rule: blown.rule });
    log.error({ ...blown }, 'a rule fired far too often and went to shadow by itself');
  },
});

const viewOf = (live: LiveRuleSet, clock: Clock, validator: OtherThreadValidator): RulesView => ({
  current() {
    const { snapshot, loadedAt, errors, warnings } = live.current();
    const { ruleSet, activity } = snapshot;
    const rules = ruleSet.rules.map((info) => ({ info, hits: activity.hitsOf(info.id) }));
    const { level } = ruleSet.policy;
    return { version: ruleSet.version, hash: ruleSet.hash, level, loadedAt, errors, warnings, rules };
  },
  async validate(files) {
    const checked = await validator.validate({ files: new Map(Object.entries(files)), now: clock.now() });
    return checked.ok ? ok({ ok: checked.value.errors.length === 0, ...checked.value }) : checked;
  },
});
