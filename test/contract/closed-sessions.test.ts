import { describe, expect, it } from '@jest/globals';
import { SqlClosedSessions } from '../../src/adapters/postgres/closed-sessions.js';
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
});
