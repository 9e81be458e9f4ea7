import { afterAll, beforeAll } from '@jest/globals';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { ringTrialRules } from '../support/ring-trial-rules.js';
import { describeRings } from '../support/rings-story.js';
import { startService } from '../support/service.js';

let postgres: PostgresServer;
let redis: TestRedis;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
}, 120_000);
afterAll(() => Promise.all([postgres.stop(), redis.stop()]));

describeRings('rings on PostgreSQL and Redis', () =>
  startService({ rules: ringTrialRules, databaseUrl: postgres.url, redisUrl: redis.url }),
);
