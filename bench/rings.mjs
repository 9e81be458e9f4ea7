// What rings cost in process: accounts applied a second at a million accounts, memory for each, the longest merge and slice.
// Needs `npm run build`.
// usage: node --expose-gc bench/rings.mjs [accounts]
// Limit: the stream is made in this process, a thousand entries at a time; what reading it from PostgreSQL and writing the
// changes to Redis costs is not in here. Time is CPU time of this process, garbage collection included.
const dist = process.env.DIST ?? '../dist';
const { RingGraph } = await import(`${dist}/rings/ring-graph.js`);

const total = Number(process.argv[2] ?? 1_000_000);
const day = 86_400_000;
const start = 20_000 * day;
const link = (name, strength, hubCap, days) => ({
  name,
  id: `${name}-1`,
  by: [name],
  strength,
  hubCap,
  ttlMs: days * day,
});
const links = [
  link('card', 'strong', 20, 180),
  link('device', 'strong', 40, 90),
  link('phone', 'strong', 5, 180),
  link('prefix', 'weak', 200, 14),
  link('template', 'weak', 500, 14),
];

let state = 12345;
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
const pick = (most) => Math.floor(random() * most);
const hashLike = (text) => `k1.${text.padStart(40, 'x')}`;
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Seven in ten are people with a card, a device and a phone of their own; the others come in farms of 10 to 25,000. */
function* population(accounts) {
  let farm = { id: 0, left: 0, size: 0 };
  for (let n = 0; n < accounts; n++) {
    const at = start + Math.floor((n / accounts) * 30 * day);
    const own = random() < 0.7;
    if (!own && farm.left-- <= 0) {
      const size = Math.min(25_000, Math.ceil(10 / (random() + 0.0004)));
      farm = { id: farm.id + 1, left: size, size };
    }
    const shared = (kind, each) => (own ? `${kind}-${n}` : `${kind}-f${farm.id}-${pick(Math.ceil(farm.size / each))}`);
    const prefix = own ? `p-${pick(accounts / 20)}` : `p-${pick(accounts / 50)}`;
    const template = own ? `t-${pick(2000)}-${pick(40)}` : `t-f${farm.id}-${pick(4)}`;
    const key = (name, text) => ({ link: name, key: hashLike(text) });
    yield {
      kind: 'event',
      accountId: `acct_${n.toString(36).padStart(8, '0')}`,
      at,
      trace: {
        links: [
          key('card', shared('c', 8)),
          key('device', shared('d', 5)),
          key('phone', shared('n', 2)),
          key('prefix', prefix),
          key('template', template),
        ],
        prefix,
        asn: 1000 + pick(5000),
        template,
      },
    };
  }
}

const kept = () => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const round = (value, digits = 1) => Number(value.toFixed(digits));

function applyAll() {
  const before = kept();
  const graph = new RingGraph(links);
  let cpu = 0;
  let last = 0;
  let longest = 0;
  let batch = [];
  let done = 0;
  const flush = () => {
    const from = cpuMs();
    for (const entry of batch) {
      const at = performance.now();
      graph.apply(entry);
      longest = Math.max(longest, performance.now() - at);
    }
    const spent = cpuMs() - from;
    cpu += spent;
    if (done > total * 0.8) last += spent;
    batch = [];
  };
  for (const entry of population(total)) {
    // As the stream brings it: texts that were put together here would be made whole within what is measured.
    batch.push(JSON.parse(JSON.stringify(entry)));
    done++;
    if (batch.length === 1000) flush();
  }
  flush();
  return {
    graph,
    figures: {
      ...graph.counts,
      'accounts a second of CPU, all': Math.round(total / (cpu / 1000)),
      'accounts a second of CPU, last fifth': Math.round((total * 0.2) / (last / 1000)),
      'longest entry ms (pauses of the machine included)': round(longest),
      'bytes an account': Math.round((kept() - before) / total),
    },
  };
}

/** Accounts in a chain: each device is shared by ten, and each tenth account has two devices. */
function chain(graph, name, accounts) {
  for (let n = 0; n < accounts; n++) {
    const devices = n % 10 === 9 ? [Math.floor(n / 10), Math.floor(n / 10) + 1] : [Math.floor(n / 10)];
    const trace = { links: devices.map((device) => ({ link: 'device', key: `${name}-${device}` })), template: 't' };
    graph.apply({ kind: 'event', accountId: `${name}-${n}`, at: start + n, trace });
  }
}

function mergeTwo(size) {
  const times = [];
  for (let round = 0; round < 5; round++) {
    const graph = new RingGraph(links);
    chain(graph, 'one', size);
    chain(graph, 'two', size);
    const links2 = ['one-1', 'two-1'].map((key) => ({ link: 'device', key }));
    const from = performance.now();
    graph.apply({ kind: 'event', accountId: 'bridge', at: start + size, trace: { links: links2 } });
    times.push(performance.now() - from);
    const { rings } = graph.find('bridge', [], start + size);
    if ([...rings.values()][0]?.size !== 10_000) throw new Error('the rings did not merge');
  }
  return round(Math.max(...times), 3);
}

function readLarge(size) {
  const graph = new RingGraph(links);
  chain(graph, 'large', size);
  const asked = [{ link: 'device', key: 'large-7' }];
  const reads = 200_000;
  const from = cpuMs();
  for (let n = 0; n < reads; n++) graph.find('newcomer', asked, start + size);
  return round(((cpuMs() - from) / reads) * 1000, 2);
}

function inSlices(steps) {
  let longest = 0;
  let over = 0;
  let slices = 0;
  let bytes = 0;
  const from = cpuMs();
  for (;;) {
    // CPU time: on a busy machine a clock tells how long others had the processor.
    const at = cpuMs();
    const step = steps.next();
    const spent = cpuMs() - at;
    longest = Math.max(longest, spent);
    if (spent > 5) over++;
    if (step.done)
      return { cpu_ms: Math.round(cpuMs() - from), slices, longest_cpu_ms: round(longest), over_5_ms: over, bytes };
    if (typeof step.value === 'string') bytes += step.value.length;
    slices++;
  }
}

/** What the machine gives at this moment: five new texts an account into one Map, which is the least that any way must do. */
function reference() {
  const seen = new Map();
  const accounts = 100_000;
  const from = cpuMs();
  for (const { trace } of population(accounts)) for (const { key } of trace.links) seen.set(key, seen.size);
  return round(((cpuMs() - from) / accounts) * 1000);
}

console.log('reference, µs an account (making the entry, five keys into a Map):', reference());
const { graph, figures } = applyAll();
console.log(figures);
console.log('merge of two rings of 50,000, longest of five, ms:', mergeTwo(50_000));
console.log('one find into a ring of 10 / 25,000, µs of CPU:', readLarge(10), '/', readLarge(25_000));
console.log('snapshot:', inSlices(graph.snapshot()));
console.log('rebuild:', inSlices(graph.expire(start + 31 * day)));
