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
});
