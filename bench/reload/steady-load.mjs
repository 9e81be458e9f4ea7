import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** An evaluator whose stores answer at once, under whatever rule set is in use. */
export async function makeEvaluator(load, snapshot) {
  const { createEventSealer } = await load('adapters/crypto/event-sealer.js');
  const { pooledRandomBytes } = await load('adapters/crypto/random-bytes.js');
  const { createEvaluator } = await load('evaluate/create-evaluator.js');
  const settled = Promise.resolve();
  const read = ({ lookups }) => Promise.resolve(lookups.map(({ spec }) => (spec.kind === 'labelled' ? 0 : 1)));
  return createEvaluator({
    snapshot,
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
    clock: { now: () => Date.now() },
    elapsed: () => performance.now(),
    random: pooledRandomBytes,
    hashIdentifier: (_name, value) => createHash('sha256').update(value).digest('base64url').slice(0, 22),
    hashBody: (canonical) => createHash('sha256').update(canonical).digest('base64url'),
    sealer: createEventSealer('a pepper for measuring only'),
    eventTime: 'bounded',
  });
}

/**
 * CPU time of this thread alone: on a busy machine, what a wait would be at least on a free one. Of the whole process where
 * Linux is not.
 */
function cpuMs() {
  // Asking for that of the process brings the figure of this thread up to date.
  const { user, system } = process.cpuUsage();
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ', 1)[0]) / 1e6;
  } catch {
    return (user + system) / 1000;
  }
}

/** Evaluations at fixed times, whatever comes of the ones before; each one's time counts from when it was due. */
export function startLoad(evaluate, everyMs) {
  const latencies = [];
  const gaps = [];
  const cpuGaps = [];
  let lastCpu = cpuMs();
  let due = performance.now() + everyMs;
  let last = performance.now();
  let sent = 0;
  const running = new Set();
  const timer = setInterval(() => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    const cpu = cpuMs();
    cpuGaps.push(cpu - lastCpu);
    lastCpu = cpu;
    for (; due <= now; due += everyMs) {
      const from = due;
      const one = evaluate(sent++).then(() => {
        latencies.push(performance.now() - from);
        running.delete(one);
      });
      running.add(one);
    }
  }, 1);
  return {
    /** What was measured since the last call; milliseconds. */
    take: () => ({ latencies: latencies.splice(0), gaps: gaps.splice(0), cpuGaps: cpuGaps.splice(0) }),
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}
