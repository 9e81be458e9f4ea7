import { describe, expect, it } from '@jest/globals';
import { createLogger, type Logger } from '../../../src/telemetry/logger.js';
import { sparingLogger } from '../../../src/telemetry/sparing-logger.js';

function recorder() {
  const lines: Record<string, unknown>[] = [];
  const time = { now: 0 };
  const whole = createLogger({ level: 'info', destination: { write: (line) => lines.push(JSON.parse(line)) } });
  return { lines, time, log: sparingLogger(whole, () => time.now) };
}

const fail = (log: Logger, why = 'the store is away', more: object = {}): void =>
  log.warn({ error: new Error(why), ...more }, 'rings did not reach Redis');

describe('the sparing logger', () => {
  it('tells the same trouble once in half a minute, and then how often it came', () => {
    const { lines, time, log } = recorder();
    for (time.now = 0; time.now < 30_000; time.now += 1000) fail(log);
    expect(lines).toHaveLength(1);
    fail(log);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatchObject({ msg: 'rings did not reach Redis', repeated: 29 });
  });

  it('tells another error, another thing and another level each for themselves', () => {
    const { lines, log } = recorder();
    fail(log);
    fail(log, 'the store is full');
    fail(log, 'the store is away', { webhook: 'wh_2' });
    log.error({ error: new Error('the store is away') }, 'the gate cannot ask');
    expect(lines).toHaveLength(4);
  });

  it('takes what many requests meet for one trouble', () => {
    const { lines, log } = recorder();
    for (const request_id of ['req_1', 'req_2', 'req_3'])
      fail(log, 'the store is away', { request_id, route: '/v1/x' });
    expect(lines).toEqual([expect.objectContaining({ request_id: 'req_1', error: expect.anything() })]);
  });

  it('tells news each time: only errors repeat themselves', () => {
    const { lines, log } = recorder();
    for (const rule of ['a', 'a', 'b']) log.warn({ rule }, 'a fuse has blown');
    log.info({}, 'answered');
    log.info({}, 'answered');
    expect(lines).toHaveLength(5);
  });

  it('remembers no more than five hundred troubles, and tells the others each time', () => {
    const { lines, log } = recorder();
    for (let n = 0; n < 600; n++) fail(log, `trouble ${n}`);
    fail(log, 'trouble 0');
    fail(log, 'trouble 599');
    expect(lines).toHaveLength(601);
  });
});
