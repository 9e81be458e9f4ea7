/**
 * The product's evaluator served the stock way: express(), express.json(), response.json(), and every decision committed
 * by a statement of its own. Environment: PORT, DATABASE_URL, REDIS_URL, KEY, RULES_DIR, DATA_DIR.
 */
import { createHash, randomBytes } from 'node:crypto';
import express from 'express';
import { createEventSealer } from '../../dist/adapters/crypto/event-sealer.js';
import { createIdentifierHash } from '../../dist/adapters/crypto/identifier-hash.js';
import { createSealer } from '../../dist/adapters/crypto/sealer.js';
import { SqlDecisionLog } from '../../dist/adapters/postgres/decision-log.js';
import { migrate } from '../../dist/adapters/postgres/migrate.js';
import { openPostgres } from '../../dist/adapters/postgres/open-postgres.js';
import { RedisAccountMemory } from '../../dist/adapters/redis/account-memory.js';
import { openRedis } from '../../dist/adapters/redis/connection.js';
import { RedisEventLedger } from '../../dist/adapters/redis/event-ledger.js';
import { RedisFeatureStore } from '../../dist/adapters/redis/feature-store.js';
import { RedisGateProjection } from '../../dist/adapters/redis/gate-projection.js';
import { caseDueAt, casePriority } from '../../dist/cases/case-priority.js';
import { composeRules } from '../../dist/compose-rules.js';
import { readConfig } from '../../dist/config.js';
import { createEvaluator } from '../../dist/evaluate/create-evaluator.js';
import { parseEvent } from '../../dist/model/parse-event.js';
import { createLogger } from '../../dist/telemetry/logger.js';
import { createMetrics } from '../../dist/telemetry/metrics.js';

const { KEY, PORT } = process.env;
const { config } = readConfig(process.env);
const log = createLogger({ level: 'error' });
const metrics = createMetrics({ process: true });
const clock = { now: () => Date.now() };
const pepper = 'a pepper for measuring only';
const hashIdentifier = createIdentifierHash({ kid: 'k1', secret: pepper });
const rules = await composeRules({ config, log, metrics, clock, hashIdentifier });
// A statement for each decision waits its turn at the pool's ten connections.
const database = await openPostgres(config.DATABASE_URL, { callTimeoutMs: 5000 });
await migrate(database);
const redis = await openRedis({ url: config.REDIS_URL });
await redis.ready(5000);
const projection = new RedisGateProjection(redis);

const evaluator = createEvaluator({
  snapshot: () => rules.live.snapshot(),
  ledger: new RedisEventLedger(redis),
  memory: new RedisAccountMemory(redis, createSealer(pepper)),
  features: new RedisFeatureStore(redis),
  log: new SqlDecisionLog(database, { deadlineMs: 5000, maxBatch: 1, maxInFlight: 10 }),
  listener: { accessCommitted: (access) => projection.publish([{ access, apiKeyIds: [] }]).catch(() => undefined) },
  cases: {
    priority: (score) => casePriority({ score }),
    dueAt: (openedAt, priority) => caseDueAt({ priority, openedAt }),
  },
  clock,
  elapsed: () => performance.now(),
  random: (count) => randomBytes(count),
  hashIdentifier,
  hashBody: (canonical) => createHash('sha256').update(canonical).digest('base64url'),
  sealer: createEventSealer(pepper),
  eventTime: 'bounded',
});

const app = express();
app.use(express.json({ limit: '64kb' }));
app.get('/readyz', (_request, response) => response.json({}));
app.post('/v1/evaluations', async (request, response) => {
  if (request.headers.authorization !== `Bearer ${KEY}`) return response.status(401).json({ code: 'unauthenticated' });
  const event = parseEvent(request.body);
  const result = event.ok ? await evaluator.evaluate(event.value) : event;
  if (result.ok) return response.json(result.value.decision);
  return response.status(503).json({ code: result.error.code });
});
app.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
