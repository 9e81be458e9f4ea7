/**
 * The least that a service with the same promises can do for a signup: a plain key, JSON.parse, the reads and writes that
 * the default rules need in Redis, one rule, and a record of the same size in the same group-committed statement. No
 * schema, no signals, no rule language. What is stored is stored as the product must: identifiers as keyed hashes, what
 * people said sealed. With BARE=1 that is left out, too: identifiers and events lie open in both stores then.
 * Stores through the product's own adapters. Environment: PORT, DATABASE_URL, REDIS_URL, KEY, RULES_DIR, BARE.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';
import { createEventSealer } from '../../dist/adapters/crypto/event-sealer.js';
import { combineHashes, createIdentifierHash } from '../../dist/adapters/crypto/identifier-hash.js';
import { createSealer } from '../../dist/adapters/crypto/sealer.js';
import { loadRulesFolder } from '../../dist/adapters/files/open-rules.js';
import { SqlDecisionLog } from '../../dist/adapters/postgres/decision-log.js';
import { migrate } from '../../dist/adapters/postgres/migrate.js';
import { openPostgres } from '../../dist/adapters/postgres/open-postgres.js';
import { RedisAccountMemory } from '../../dist/adapters/redis/account-memory.js';
import { openRedis } from '../../dist/adapters/redis/connection.js';
import { RedisEventLedger } from '../../dist/adapters/redis/event-ledger.js';
import { RedisFeatureStore } from '../../dist/adapters/redis/feature-store.js';
import { RedisGateProjection } from '../../dist/adapters/redis/gate-projection.js';
import { RedisRingStore } from '../../dist/adapters/redis/ring-store.js';
import { readBody } from '../../dist/http/read-body.js';
import { sendReply } from '../../dist/http/reply.js';

const { PORT, DATABASE_URL, REDIS_URL, KEY, RULES_DIR, BARE } = process.env;

const asText = (bytes) => Buffer.from(bytes).toString('base64url');
const secret = 'a pepper for measuring only';
const eventSealer = createEventSealer(secret);
let serial = 0;
/** How identifiers and what people said are kept. */
const keeping =
  BARE === '1'
    ? {
        hash: (name, value) => `${name}=${value};`,
        combine: (parts) => parts.join(''),
        memory: { seal: (text) => text, open: (text) => text },
        newSalt: () => `${serial++}`,
        seal: (_salt, bytes) => asText(bytes),
      }
    : {
        hash: createIdentifierHash({ kid: 'k1', secret }),
        combine: combineHashes,
        memory: createSealer(secret),
        newSalt: eventSealer.newSalt,
        seal: (salt, bytes) => eventSealer.seal(salt, bytes.toString()),
      };

const database = await openPostgres(DATABASE_URL);
await migrate(database);
// As patient as a busy machine may need; what is measured does not change.
const log = new SqlDecisionLog(database, { deadlineMs: 5000 });
const redis = await openRedis({ url: REDIS_URL });
await redis.ready(5000);
const ledger = new RedisEventLedger(redis);
const memory = new RedisAccountMemory(redis, keeping.memory);
const features = new RedisFeatureStore(redis);
const gate = new RedisGateProjection(redis);
const rings = new RedisRingStore(redis, 'limit');

/** What a feature is by, as a service would read it that was written for these rules. */
const partOf = {
  'account.id': (event) => event.account.id,
  'account.organization': (event) => event.account.organization,
  'account.path': (event) => event.account.path,
  'account.plan': (event) => event.account.plan,
  'device.fingerprint': (event) => event.device?.fingerprint,
  'device.browser': (event) => event.user_agent && 'Chrome',
  'device.browser_major': (event) => event.user_agent && 142,
  'device.ja4': (event) => event.device?.ja4,
  'device.template': (event) => `${event.user_agent} ${event.device?.screen} ${event.device?.timezone}`,
  'email.address': (event) => event.email?.address,
  'email.is_disposable': () => undefined,
  'email.mailbox': () => undefined,
  'email.domain': (event) => event.email?.address.slice(event.email.address.indexOf('@') + 1),
  'email.style': (event) => event.email && 'letters_digits',
  'email.shape': (event) => event.email && `l6d${event.email.address.indexOf('@') - 6}`,
  'device.timezone': (event) => event.device?.timezone,
  'device.screen': (event) => event.device?.screen,
  'email.registrable_domain': (event) => event.email?.address.slice(event.email.address.indexOf('@') + 1),
  'event.type': (event) => event.type,
  'ip.address': (event) => event.ip,
  'ip.asn': (event) => event.ip.slice(0, event.ip.indexOf('.')),
  'ip.country': (event) => event.account.declared_country,
  'ip.prefix': (event) => event.ip.slice(0, event.ip.lastIndexOf('.')),
  'ua.program': () => undefined,
  'ua.template': (event) => event.user_agent,
  'usage.prompt_template': () => undefined,
  'usage.pace': () => undefined,
  'signup.asn': (event) => event.ip.slice(0, event.ip.indexOf('.')),
  'signup.country': (event) => event.account.declared_country,
  'signup.prefix': (event) => event.ip.slice(0, event.ip.lastIndexOf('.')),
  'key_delay.bucket': () => undefined,
  'pay_delay.bucket': (event) => event.payment && 'under_10s',
  'payment.bin': (event) => event.payment?.bin,
  'payment.country': (event) => event.payment?.country,
  'payment.fingerprint': (event) => event.payment?.fingerprint,
  'verified.document': () => undefined,
  'verified.phone': () => undefined,
  'phone.number': (event) => event.phone?.number,
  'phone.prefix': (event) => event.phone?.number.slice(0, 5),
};

const { ruleSet } = await loadRulesFolder(RULES_DIR);
const specs = ruleSet.needs('signup').features.map(({ spec }) => spec);
const unknownParts = specs.flatMap(({ by }) => by).filter((name) => partOf[name] === undefined);
if (unknownParts.length > 0) throw new Error(`the default rules count by more than is known here: ${unknownParts}`);
const links = ruleSet.links.map(({ spec }) => spec);
const unknownLinks = links.flatMap(({ by }) => by).filter((name) => partOf[name] === undefined);
if (unknownLinks.length > 0) throw new Error(`the default rules link by more than is known here: ${unknownLinks}`);
specs.sort((a, b) => (a.by.join() < b.by.join() ? -1 : 1));

const hashedNames = [
  ...new Set([...specs, ...links].flatMap(({ by, kind, of }) => (kind === 'distinct' ? [...by, of] : by))),
];

/** Each part that features or links are made of, once for an event; undefined where the event does not have it. */
function hashesOf(event) {
  const hashes = {};
  for (const name of hashedNames) {
    const part = partOf[name](event);
    hashes[name] = part === undefined ? undefined : keeping.hash(name, String(part));
  }
  return hashes;
}

function lookupsOf(hashes) {
  const lookups = [];
  for (const spec of specs) {
    const key = keyOf(spec.by, hashes);
    if (key === undefined) continue;
    const member = spec.kind === 'distinct' ? hashes[spec.of] : undefined;
    lookups.push({ spec, key, counts: spec.on.includes('signup'), member });
  }
  return lookups;
}

/** Undefined where a part is missing. */
function keyOf(by, hashes) {
  const parts = [];
  for (const name of by) {
    const part = hashes[name];
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return keeping.combine(parts);
}

const linksOf = (hashes) =>
  links.flatMap(({ name, by }) => {
    const key = keyOf(by, hashes);
    return key === undefined ? [] : [{ link: name, key }];
  });

/** As many signals as the rules see of a signup. */
const signals = ruleSet.needs('signup').signals.map(({ name }) => ({ key: `"${name}":`, value: `value of ${name}` }));

/** What was read, by name, as JSON, and what had no value: both are recorded, there as here, and there as text, too. */
function inputsOf(readings) {
  let json = '';
  for (const { key, value } of signals) json += `${json === '' ? '' : ','}${key}"${value}"`;
  const unknown = [];
  readings.forEach((reading, n) => {
    const { id } = specs[n % specs.length];
    if (typeof reading === 'number') json += `,"${id}":${reading}`;
    else if (typeof reading !== 'object' || reading === null || !('observed' in reading)) unknown.push(id);
    else for (const [name, value] of Object.entries(reading)) json += `,"${id}.${name}":${JSON.stringify(value)}`;
  });
  return { inputsJson: `{${json}}`, unknown };
}

function recordOf(event, bytes, readings, used) {
  const now = Date.now();
  const at = new Date(now).toISOString();
  const { inputsJson, unknown } = inputsOf(readings);
  const isHeld = readings.some((reading) => reading > 60);
  const id = `${now.toString(36)}${(serial++).toString(36).padStart(16, '0')}`;
  const salt = keeping.newSalt();
  return {
    draft: {
      id: `dec_${id}`,
      event_id: event.event_id,
      type: event.type,
      account_id: event.account.id,
      outcome: isHeld ? 'limit' : 'allow',
      score: 0,
      reasons: [],
      public_reason: null,
      verify: [],
      ring: null,
      shadow: [],
      ruleset: { version: 'limit', hash: 'sha256:limit' },
      unknown,
      degraded: [],
      decided_at: at,
      duration_ms: 1,
    },
    bodyHash: createHash('sha256').update(bytes).digest('base64url'),
    occurredAt: now,
    inputsJson,
    sealed: keeping.seal(salt, bytes),
    salt,
    requestsPerDay: 50,
    caseId: `case_${id}`,
    caseDueAt: now,
    priority: 0,
    rescore: false,
    detectsRing: false,
    // Most links have a condition that an ordinary signup does not meet.
    trace: { links: used.slice(0, 2), prefix: partOf['ip.prefix'](event), template: partOf['device.template'](event) },
    firstPaymentAt: now,
    rescoreAt: now + 3_600_000,
  };
}

const notNow = () => ({ status: 503, json: { code: 'unavailable' } });

async function evaluate(bytes) {
  const event = JSON.parse(bytes.toString());
  const [claim, , stored] = await Promise.all([
    ledger.claim(event.event_id, event.event_id),
    memory.recall(event.account.id),
    log.byEventId(event.event_id),
  ]);
  if (stored !== undefined) return { status: 200, json: stored.decision };
  // Redis that pauses to write its file anew stops nobody, there as here.
  if (claim.kind !== 'new' && claim.kind !== 'unavailable') return { status: 409, json: { code: 'in_flight' } };
  const at = Date.now();
  const { organization, plan, path, declared_country } = event.account;
  const { email, device, payment } = event;
  const parts = { organization, plan, path, declared_country, email, device, payment };
  const memento = { at, parts, signup: { at, ip: event.ip }, firstPaymentAt: at };
  const hashes = hashesOf(event);
  const request = { eventId: event.event_id, accountId: event.account.id, at, lookups: lookupsOf(hashes) };
  const used = linksOf(hashes);
  const [readings] = await Promise.all([
    features.observe(request),
    rings.find(event.account.id, used, at),
    memory.remember(event.account.id, memento),
  ]);
  const outcome = await log.commit(recordOf(event, bytes, readings, used));
  if (outcome.kind !== 'committed') return { status: 503, json: { code: 'unavailable' } };
  void ledger.settle(event.event_id, event.event_id);
  await gate.publish([{ access: outcome.access, apiKeyIds: [] }]).catch(() => undefined);
  return { status: 200, json: outcome.decision };
}

const digest = (text) => createHash('sha256').update(text).digest();
const wanted = digest(`Bearer ${KEY}`);

async function serve(request, response) {
  const allowed = timingSafeEqual(digest(request.headers.authorization ?? ''), wanted);
  const body = allowed ? await readBody(request, { maxBytes: 65_536, timeoutMs: 10_000 }) : undefined;
  const reply = body?.ok
    ? await evaluate(body.value).catch(notNow)
    : { status: 401, json: { code: 'unauthenticated' } };
  sendReply(response, reply, { requestId: 'req', close: false });
}

/** Objects with Express's prototype from the start, as in the product. */
function withPrototype(base, prototype) {
  function Made(first, second) {
    Reflect.apply(base, this, [first, second]);
  }
  Made.prototype = prototype;
  return Made;
}

const app = express();
app.disable('x-powered-by').disable('etag').set('query parser', false);
app.get('/readyz', (_request, response) =>
  sendReply(response, { status: 200, json: {} }, { requestId: '', close: false }),
);
const server = createServer(
  {
    IncomingMessage: withPrototype(IncomingMessage, app.request),
    ServerResponse: withPrototype(ServerResponse, app.response),
  },
  (request, response) => {
    if (request.method === 'POST' && request.url === '/v1/evaluations') void serve(request, response);
    else app(request, response);
  },
);
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
