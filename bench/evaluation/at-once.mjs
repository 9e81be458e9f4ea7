import { createHash } from 'node:crypto';

const settled = Promise.resolve();
const read = ({ lookups }) => Promise.resolve(lookups.map(({ spec }) => (spec.kind === 'labelled' ? 0 : 1)));

/** Stores that answer at once: what is left is the product's own work. */
const stores = {
  ledger: { claim: async () => ({ kind: 'new' }), settle: () => settled, abandon: () => settled },
  memory: {
    recall: async () => ({ kind: 'remembered', remembered: { parts: {} } }),
    remember: () => settled,
    clear: () => settled,
    forget: () => settled,
  },
  features: { observe: read, peek: read, label: () => settled, standing: () => settled },
  log: {
    async commit({ draft }) {
      const access = { accountId: draft.account_id, state: 'admitted', version: 1 };
      return { kind: 'committed', decision: draft, access, accessChanged: false };
    },
    byEventId: async () => undefined,
    status: async () => undefined,
    eventsOf: async () => [],
  },
  rings: { find: async () => ({ byLink: new Map(), rings: new Map() }) },
  listener: { accessCommitted: () => settled },
  cases: { priority: () => 0, dueAt: (at) => at },
};

export const hashBody = (canonical) => createHash('sha256').update(canonical).digest('base64url');

/** `load` imports a module of the built product; `snapshot` gives the rule set in use. */
export async function evaluatorAtOnce(load, { snapshot, now = Date.now, hashIdentifier }) {
  const { createEventSealer } = await load('adapters/crypto/event-sealer.js');
  const { pooledRandomBytes } = await load('adapters/crypto/random-bytes.js');
  const { createEvaluator } = await load('evaluate/create-evaluator.js');
  return createEvaluator({
    ...stores,
    snapshot,
    clock: { now },
    elapsed: () => performance.now(),
    random: pooledRandomBytes,
    hashIdentifier,
    hashBody,
    sealer: createEventSealer('a pepper for measuring only'),
    eventTime: 'bounded',
  });
}

/** The default rules on the IP data that comes with the product; `home` is a folder for what it keeps. */
export async function defaultWorld(load, { root, home }) {
  const { combineHashes, createIdentifierHash } = await load('adapters/crypto/identifier-hash.js');
  const { openIpData } = await load('adapters/files/ip-data.js');
  const { loadRulesFolder } = await load('adapters/files/open-rules.js');
  const { signalPortsFor } = await load('adapters/identity/signal-ports.js');
  const { prepareSnapshot } = await load('evaluate/prepare-snapshot.js');
  const tables = await openIpData({ dataDir: home, log: { info() {}, warn() {} } });
  const { ruleSet, errors } = await loadRulesFolder(`${root}/rules`);
  if (ruleSet === undefined) throw new Error(`the default rules have errors: ${JSON.stringify(errors[0])}`);
  const hashIdentifier = createIdentifierHash({ kid: 'k1', secret: 'a pepper for measuring only' });
  const ports = signalPortsFor({ tables, databases: [] })(ruleSet.lists);
  const prepare = (elapsed) =>
    prepareSnapshot(ruleSet, {
      ports,
      hash: hashIdentifier,
      combine: combineHashes,
      listener: { ruleHit() {}, fuseBlown() {} },
      elapsed,
    });
  return { ruleSet, hashIdentifier, prepare };
}
