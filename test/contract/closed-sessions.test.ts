import { describe, expect, it } from '@jest/globals';
import { SqlClosedSessions } from '../../src/adapters/postgres/closed-sessions.js';
import { StoreUnavailable } from '../../src/model/store-unavailable.js';
import { usePglite } from '../support/test-databases.js';

describe('sessions that were ended', () => {
  const database = usePglite();

  it('are known here at once, elsewhere after a reading and after a start, and forgotten when they were over anyway', async () => {
    let now = Date.parse('2026-05-01T12:00:00Z');
    const clock = { now: () => now };
    const here = new SqlClosedSessions(database(), clock);
    const elsewhere = new SqlClosedSessions(database(), clock);
    expect(await elsewhere.isClosed('one')).toBe(false);
    await here.close('one', now + 1000);
    await here.close('one', now + 1000);
    expect([await here.isClosed('one'), await here.isClosed('two')]).toEqual([true, false]);
    await elsewhere.refresh();
    expect(await elsewhere.isClosed('one')).toBe(true);
    expect(await new SqlClosedSessions(database(), clock).isClosed('one')).toBe(true);
    now += 2000;
    await here.close('two', now + 1000);
    expect(await database().query('select id from closed_sessions')).toEqual([{ id: 'two' }]);
  });

  it('are told of once: at once where they were ended, elsewhere with the next reading', async () => {
    const now = Date.parse('2026-05-02T12:00:00Z');
    const here = new SqlClosedSessions(database(), { now: () => now });
    const elsewhere = new SqlClosedSessions(database(), { now: () => now });
    const told: string[] = [];
    here.onClosed((id) => told.push(`here: ${id}`));
    elsewhere.onClosed((id) => told.push(`elsewhere: ${id}`));
    await Promise.all([here.refresh(), elsewhere.refresh()]);
    told.length = 0;
    await here.close('three', now + 1000);
    expect(told).toEqual(['here: three']);
    await Promise.all([here.refresh(), elsewhere.refresh()]);
    await Promise.all([here.refresh(), elsewhere.refresh()]);
    expect(told).toEqual(['here: three', 'elsewhere: three']);
  });

  it('go on when it could not be written down that they ended, and can be ended later', async () => {
    let isAway = false;
    const query = <Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> =>
      isAway ? Promise.reject(new StoreUnavailable('away')) : database().query<Row>(sql, parameters);
    const now = Date.parse('2026-05-03T12:00:00Z');
    const sessions = new SqlClosedSessions({ query }, { now: () => now });
    const told: string[] = [];
    sessions.onClosed((id) => told.push(id));
    expect(await sessions.isClosed('four')).toBe(false);
    told.length = 0;
    isAway = true;
    await expect(sessions.close('four', now + 1000)).rejects.toThrow(StoreUnavailable);
    expect([await sessions.isClosed('four'), told]).toEqual([false, []]);
    isAway = false;
    await sessions.close('four', now + 1000);
    expect([await sessions.isClosed('four'), told]).toEqual([true, ['four']]);
  });
});
