import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { combineHashes } from './adapters/crypto/identifier-hash.js';
import { keepGoodRules } from './adapters/files/good-rules.js';
import { openIpData } from './adapters/files/ip-data.js';
import { loadRulesFolder, openRules } from './adapters/files/open-rules.js';
import { watchFolder } from './adapters/files/watch-folder.js';
import { signalPortsFor } from './adapters/identity/signal-ports.js';
import { type OpenedDatabases, openMaxMind } from './adapters/maxmind/open-maxmind.js';
import type { Config } from './config.js';
import { LiveRuleSet } from './evaluate/live-rule-set.js';
import { prepareSnapshot } from './evaluate/prepare-snapshot.js';
import type { RuleActivityListener } from './evaluate/rule-activity.js';
import type { RulesView } from './http/http-services.js';
import type { HashIdentifier } from './model/entity.js';
import type { Clock } from './model/time.js';
import { loadRuleSet } from './ruleset/load-rule-set.js';
import type { RuleSet } from './ruleset/rule-set.js';
import type { KeptRuleSet } from './ruleset/rule-set-archive.js';
import type { Logger } from './telemetry/logger.js';
import type { Metrics } from './telemetry/metrics.js';

/** The rule set in use, kept up to date with its folder. */
export interface Rules {
  readonly live: LiveRuleSet;
  readonly view: RulesView;
  readonly description: string;
  readonly ipDescription: string;
  /** Tells of the set in use now, at once, and of each later one before anything is decided with it. */
  onUse(listen: (set: KeptRuleSet) => void): void;
  close(): Promise<void>;
}

export interface RulesOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly hashIdentifier: HashIdentifier;
}

export async function composeRules(options: RulesOptions): Promise<Rules> {
  const { config, log, clock, hashIdentifier } = options;
  const [first, tables, maxmind] = await Promise.all([
    openRules(config.RULES_DIR, config.DATA_DIR),
    openIpData({ dataDir: config.DATA_DIR, log }),
    openDatabases(config),
  ]);
  if (config.MAXMIND_DIR !== undefined && maxmind.databases.length === 0)
    throw new Error(`MAXMIND_DIR: ${maxmind.problems[0] ?? `${config.MAXMIND_DIR} holds no *.mmdb file`}`);
  for (const problem of maxmind.problems) log.warn({}, problem);
  const portsFor = signalPortsFor({ tables, databases: maxmind.databases });
  const listener = tell(options);
  const prepare = (ruleSet: RuleSet) =>
    prepareSnapshot(ruleSet, {
      ports: portsFor(ruleSet.lists),
      hash: hashIdentifier,
      combine: combineHashes,
      listener,
    });
  const live = new LiveRuleSet(first.ruleSet, prepare, clock);
  if (first.errors.length > 0) live.offer({ errors: first.errors, warnings: first.warnings });
  announce(live, options, first.errors.length === 0);
  const inUse = new SetInUse({ hash: first.ruleSet.hash, version: first.ruleSet.version, files: first.files });
  const watch = watchFolder(config.RULES_DIR, () => reload({ live, inUse }, options));
  return {
    live,
    view: viewOf(live, clock),
    description: `${first.ruleSet.rules.length} rules, version ${first.ruleSet.version}, from ${config.RULES_DIR}`,
    ipDescription: ['ASN and country tables', ...maxmind.databases.map(({ type }) => type)].join(', '),
    onUse: (listen) => inUse.tell(listen),
    close: () => watch.close(),
  };
}

/** The texts of the rule set in use, for whoever keeps them. */
class SetInUse {
  #listen: (set: KeptRuleSet) => void = () => undefined;

  constructor(private set: KeptRuleSet) {}

  tell(listen: (set: KeptRuleSet) => void): void {
    this.#listen = listen;
    listen(this.set);
  }

  change(set: KeptRuleSet): void {
    this.set = set;
    this.#listen(set);
  }
}

interface InUse {
  readonly live: LiveRuleSet;
  readonly inUse: SetInUse;
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
async function reload({ live, inUse }: InUse, options: RulesOptions): Promise<void> {
  const { config, log } = options;
  try {
    const loaded = await loadRulesFolder(config.RULES_DIR);
    if (live.offer(loaded) && loaded.ruleSet !== undefined) {
      const { hash, version } = loaded.ruleSet;
      inUse.change({ hash, version, files: loaded.files });
      await keepGoodRules(config.DATA_DIR, loaded.files, hash);
    }
    announce(live, options, loaded.errors.length === 0);
  } catch (error) {
    options.metrics.rulesetLoads.inc({ result: 'refused' });
    log.error({ error }, 'the rules folder cannot be read; the rule set in use goes on');
  }
}

function announce(live: LiveRuleSet, { log, metrics }: RulesOptions, isGood: boolean): void {
  const { snapshot, errors } = live.current();
  const { version, hash } = snapshot.ruleSet;
  metrics.rulesetLoads.inc({ result: isGood ? 'loaded' : 'refused' });
  metrics.rulesetInfo.reset();
  metrics.rulesetInfo.set({ version, hash }, 1);
  if (isGood) log.info({ version, hash }, 'rule set in use');
  else log.error({ version, errors: errors.slice(0, 20) }, 'the rules have errors; the last good set goes on');
}

const tell = ({ log, metrics }: RulesOptions): RuleActivityListener => ({
  ruleHit: (rule, mode) => metrics.ruleHits.inc({ rule, mode }),
  fuseBlown: (blown) => {
    metrics.ruleFuses.inc({ rule: blown.rule });
    log.error({ ...blown }, 'a rule fired far too often and went to shadow by itself');
  },
});

const viewOf = (live: LiveRuleSet, clock: Clock): RulesView => ({
  current() {
    const { snapshot, loadedAt, errors, warnings } = live.current();
    const { ruleSet, activity } = snapshot;
    const rules = ruleSet.rules.map((info) => ({ info, hits: activity.hitsOf(info.id) }));
    return { version: ruleSet.version, hash: ruleSet.hash, loadedAt, errors, warnings, rules };
  },
  async validate(files) {
    const { errors, warnings } = loadRuleSet({ files: new Map(Object.entries(files)), now: clock.now() });
    return { ok: errors.length === 0, errors, warnings };
  },
});
