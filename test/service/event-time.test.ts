import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { hour, minute, rehearse, replayRules, signupAt } from '../support/replay.js';
import { type Service, startService } from '../support/service.js';

/** With a burst, whose baseline an import fills, and probation, which ends by age. */
const rules = replayRules
  .replace(
    'features:\n',
    'features:\n  burst_per_device: { burst: signup, by: [device.fingerprint], window: 1h, baseline: 7d, min: 4 }\n',
  )
  .replace('policy:\n', 'policy:\n  rescore: [1h, 6h, 24h]\n');

const day = 24 * hour;
/** More than a baseline takes before the last hour of them, on days before the others; of few people, who are judged again too. */
const former = Array.from({ length: 700 }, (_, i) =>
  signupAt(`former_${i % 100}`, -3 * day + i * minute, {
    event_id: `evt_former_${i}`,
    device: { fingerprint: `fp_${i % 40}` },
  }),
);
const card = { payment: { fingerprint: 'card_shared' } };
const sharing = [0, 10, 20].map((at) => signupAt(`sharing_${at}`, at * minute, card));
const stranger = (name: string, after: number) => signupAt(name, after, { ip: '198.51.100.9' });

/** The whole import happened months ago; from outside, once for each kind of stores. */
function describeImport(title: string, open: () => Promise<Service>): void {
  describe(title, () => {
    let service: Service;
    beforeAll(async () => {
      service = await open();
      for (let from = 0; from < former.length; from += 30)
        await Promise.all(former.slice(from, from + 30).map((event) => service.evaluate(event)));
    }, 120_000);
    afterAll(() => service.remove(), 30_000);

    const account = async (id: string) => (await service.call('GET', `/v1/accounts/${id}`)).body;
    const stateOf = async (id: string): Promise<string> => (await account(id)).access.state;
    const statesOf = (ids: readonly string[]) => Promise.all(ids.map(stateOf));
    /** The rescorer looks every second. */
    const someLooks = () => new Promise((resolve) => setTimeout(resolve, 2500));

    it('has baselines that are warm when the newest event happened', async () => {
      // What a busy moment kept from being counted is counted a few seconds later.
      await eventually(async () => {
        const { body } = await service.call('GET', '/v1/rulesets/current');
        return body.baselines[0].feature === 'burst_per_device' && body.baselines[0].state === 'warm';
      });
    });

    it('judges accounts again when that time has come in the events, as a replay does', async () => {
      for (const event of sharing) {
        await service.evaluate(event);
        await someLooks();
      }
      const ids = ['sharing_0', 'sharing_10', 'sharing_20'];
      // Nobody is an hour old yet.
      expect(await statesOf(ids)).toEqual(['admitted', 'admitted', 'limited']);
      await service.evaluate(stranger('an_hour_later', 65 * minute));
      await eventually(async () => (await stateOf('sharing_0')) === 'limited');
      await someLooks();
      expect(await statesOf(ids)).toEqual(['limited', 'admitted', 'limited']);
      await service.evaluate(stranger('the_next_day', 30 * hour));
      await eventually(async () => (await stateOf('sharing_10')) === 'limited');

      const { lines } = await rehearse({ events: sharing, rules, horizonMs: day });
      const changed = lines.filter(({ kind }) => kind === 'access_changed');
      expect(changed).toMatchObject([
        { account_id: 'sharing_0', to: 'limited', cause: 'rescore' },
        { account_id: 'sharing_10', to: 'limited', cause: 'rescore' },
      ]);
      const { history } = await account('sharing_0');
      expect(history.filter(({ kind }: { kind: string }) => kind === 'decision')).toHaveLength(1);
    }, 60_000);

    it('holds the earlier members of a ring that are as young as the ring when it was found out', async () => {
      const events = [0, 1, 2, 3, 4].map((n) =>
        signupAt(`ringed_${n}`, 2 * day + n * 3 * minute, { payment: { fingerprint: 'card_of_ring' } }),
      );
      for (const event of events) {
        await service.evaluate(event);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      for (const n of [0, 1, 2, 3, 4]) await eventually(async () => (await stateOf(`ringed_${n}`)) === 'held');
    }, 60_000);
  });
}

/** Years of one card, whose link lasts 180 days; from outside, event by event, and as a replay plays them. */
function describeYears(title: string, open: () => Promise<Service>): void {
  describe(title, () => {
    let service: Service;
    beforeAll(async () => {
      service = await open();
    }, 120_000);
    afterAll(() => service.remove(), 30_000);

    const first = -1500 * day;
    const onCard = (name: string, after: number, fingerprint = 'card_of_years') =>
      signupAt(name, first + after, { payment: { fingerprint } });
    const told = ({ outcome, ring }: { outcome: string; ring: { id: string } | null }) => [outcome, ring?.id ?? null];
    /** One after the other; where there is a ring to find, once the rings have taken in those before. */
    const sent = async (events: readonly object[], rings: readonly unknown[]) => {
      const answers = [];
      for (const [index, event] of events.entries()) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        const wouldFind = async () =>
          (await service.call('POST', '/v1/evaluations:simulate', { body: event })).body.ring;
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
}

let postgres: PostgresServer;
let redis: TestRedis;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
}, 120_000);
afterAll(() => Promise.all([postgres.stop(), redis.stop()]));

const imports = { rules: { 'all.yml': rules }, env: { EVENT_TIME: 'trusted' } };
// First: both use one database, and events come in the order of their time.
describeYears('years on PostgreSQL and Redis', () =>
  startService({
    rules: { 'all.yml': replayRules },
    env: { EVENT_TIME: 'trusted' },
    databaseUrl: postgres.url,
    redisUrl: redis.url,
  }),
);
describeImport('an import on PostgreSQL and Redis', () =>
  startService({ ...imports, databaseUrl: postgres.url, redisUrl: redis.url }),
);
describeImport('an import on embedded stores', () => startService(imports));
