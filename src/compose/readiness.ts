import { probeDatabase } from '../adapters/postgres/meta.js';
import type { HttpServices } from '../http/http-services.js';
import type { Parts } from './parts.js';

const redisAnswersWithinMs = 500;

/** What `/readyz` asks. */
export const readinessOf = (parts: Parts): HttpServices['readiness'] => [
  { name: 'database', check: () => databaseTakesCommits(parts) },
  { name: 'redis', check: () => redisAnswers(parts) },
  { name: 'redis_writes', check: () => confirmed(parts.projectionWatch.takesWrites, 'Redis refuses to write') },
  {
    name: 'redis_eviction',
    check: () =>
      confirmed(
        parts.evictionWatch.evicts === false && !parts.evictionWatch.hasLost,
        'Redis evicts keys when its memory is full, or did so and is not rebuilt yet',
      ),
    isKnown: () => parts.evictionWatch.evicts !== undefined,
    isBearable: true,
  },
];

async function databaseTakesCommits({ truth, commitWatch }: Parts): Promise<void> {
  await probeDatabase(truth.database);
  await confirmed(commitWatch.takesCommits, 'the database has no disk to commit to');
}

async function redisAnswers({ store }: Parts): Promise<void> {
  await Promise.all([store.hot.ready(redisAnswersWithinMs), store.gate.ready(redisAnswersWithinMs)]);
}

const confirmed = (isSo: boolean, otherwise: string): Promise<void> =>
  isSo ? Promise.resolve() : Promise.reject(new Error(otherwise));
