import { createIdentifierHash } from '../adapters/crypto/identifier-hash.js';
import type { HotStore } from '../adapters/embedded/open-hot-store.js';
import type { Truth } from '../adapters/embedded/open-truth.js';
import { requireFolders } from '../adapters/files/require-folders.js';
import type { Config } from '../config.js';
import { RuleBook } from '../evaluate/rule-book.js';
import type { HashIdentifier } from '../model/entity.js';
import type { FollowingClock } from '../model/following-clock.js';
import type { IdPrefix } from '../model/ids.js';
import type { EventNow } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import { createMetrics, type Metrics } from '../telemetry/metrics.js';
import type { EvictionWatch } from '../workers/eviction-watch.js';
import type { LossWatch } from '../workers/loss-watch.js';
import type { TruthWatch } from '../workers/truth-watch.js';
import { openEvictionWatch } from './eviction-watch.js';
import { composeHistory, type History } from './history.js';
import { openLossWatch } from './loss-watch.js';
import type { Opened } from './opened.js';
import { clock, elapsed, eventNowOf, followDatabaseClock, newId } from './parts.js';
import { openPepper } from './pepper.js';
import { composeRules, type Rules } from './rules.js';
import { openStores } from './stores.js';
import { openTruthWatch } from './truth-watch.js';

/** What everything else stands on: rules, stores that are watched, hashes and times. */
export interface Foundation {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: FollowingClock;
  readonly elapsed: () => number;
  readonly newId: (prefix: IdPrefix) => string;
  readonly eventNow: EventNow;
  readonly book: RuleBook;
  readonly rules: Rules;
  readonly truth: Truth;
  readonly store: HotStore;
  readonly pepper: string;
  readonly hashIdentifier: HashIdentifier;
  readonly truthWatch: TruthWatch;
  readonly evictionWatch: EvictionWatch;
  readonly history: History;
  readonly lossWatch: LossWatch;
}

export async function openFoundation(config: Config, log: Logger, opened: Opened): Promise<Foundation> {
  await requireFolders(config);
  const metrics = createMetrics({ process: true });
  const base = { config, log, metrics, clock, elapsed, newId };
  const book = new RuleBook();
  // Nothing is hashed before the first event; by then the pepper is known, which may be the database's.
  let hash: HashIdentifier = () => '';
  const hashIdentifier: HashIdentifier = (type, value) => hash(type, value);
  // Rules with errors, which are the author's most likely slip, are told before anything else is started.
  const rules = await composeRules({ ...base, hashIdentifier, book });
  opened.part(() => rules.close());
  const [truth, store] = await openStores(config, log, metrics);
  opened.store(() => Promise.all([truth.close(), store.close()]));
  const clockFollower = await followDatabaseClock(config, truth, log);
  opened.part(() => clockFollower.stop());
  const pepper = await openPepper(config, truth, log);
  hash = createIdentifierHash({ kid: 'k1', secret: pepper });
  const truthWatch = await openTruthWatch({ ...base, truth, store });
  opened.part(() => truthWatch.stop());
  const evictionWatch = await openEvictionWatch({ ...base, truth, store });
  opened.part(() => evictionWatch.stop());
  const history = await composeHistory({ ...base, truth, store, truthWatch, evictionWatch, pepper });
  opened.part(() => history.stop());
  const lossWatch = await openLossWatch({ ...base, truth, store, truthWatch, history, pepper });
  opened.part(() => lossWatch.stop());
  const eventNow = eventNowOf(config, truth);
  // What is hashed from here on is hashed directly: it is done some fifty times for an event.
  return {
    ...base,
    eventNow,
    book,
    rules,
    truth,
    store,
    pepper,
    hashIdentifier: hash,
    truthWatch,
    evictionWatch,
    history,
    lossWatch,
  };
}
