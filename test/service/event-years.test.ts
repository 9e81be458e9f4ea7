import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { hour, rehearse, replayRules, signupAt } from '../support/replay.js';
import { type Service, startService } from '../support/service.js';

const day = 24 * hour;

/** Years of one card, whose link lasts 180 days; from outside, event by event, and as a replay plays them. */
describe('years on PostgreSQL and Redis', () => {
  let postgres: PostgresServer;
  let redis: TestRedis;
  let service: Service;
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    service = await startService({
      rules: { 'all.yml': replayRules },
      env: { EVENT_TIME: 'trusted' },
      databaseUrl: postgres.url,
      redisUrl: redis.url,
    });
  }, 120_000);
  afterAll(async () => {
    await service.remove();
    await Promise.all([postgres.stop(), redis.stop()]);
  }, 30_000);

  const first = -1500 * day;
  const onCard = (name: string, after: number, fingerprint = 'card_of_years') =>
    signupAt(name, first + after, { payment: { fingerprint } });
  const told = ({ outcome, ring }: { outcome: string; ring: { id: string } | null }) => [outcome, ring?.id ?? null];
  /** One after the other; where there is a ring to find, once the rings have taken in those before. */
  const sent = async (events: readonly object[], rings: readonly unknown[]) => {
    const answers = [];
    for (const [index, event] of events.entries()) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const wouldFind = async () => (await service.call('POST', '/v1/evaluations:simulate', { body: event })).body.ring;
      if (rings[index] !== null) await eventually(async () => (await wouldFind()) !== null);
      answers.push(told(await service.evaluate(event)));
    }
    return answers;
  };

  it('believes no ring whose links had run out when the event happened, and lets no date of the future do that', async () => {
    const days = [0, 1, 31, 32, 33, 396, 397, 398, 900, 901, 902];
    const events = days.map((n) => onCard(`years_${n}`, n * day));
    // An account that is in a ring comes again when all that held the ring has run out.
    const again = signupAt('years_902', first + 1300 * day, { event_id: 'evt_again' });
    const future = ['one', 'other'].map((name) =>
      signupAt(`future_${name}`, 4000 * day, { payment: { fingerprint: 'card_of_future' } }),
    );
    const later = [904, 905].map((n) => onCard(`years_${n}`, n * day));
    const { lines } = await rehearse({ events: [...events, ...later, again], horizonMs: day });
    const decided = lines.flatMap((line) => (line.kind === 'decision' ? [[line.outcome, line.ring_id]] : []));
    const rings = decided.map(([, ring]) => ring);
    const early = await sent(events, rings);
    await sent(future, [null, null]);
    const late = await sent([...later, again], rings.slice(events.length));
    expect([...early, ...late]).toEqual(decided);
    const isRinged = rings.map((ring) => ring !== null);
    const [no, yes] = [false, true];
    expect(isRinged).toEqual([no, no, yes, yes, yes, no, no, yes, no, no, yes, yes, yes, no]);
  }, 60_000);
});
