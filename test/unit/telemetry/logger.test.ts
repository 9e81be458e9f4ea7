import { describe, expect, it } from '@jest/globals';
import { createLogger, type LogLevel } from '../../../src/telemetry/logger.js';

function recorder(level: LogLevel) {
  const lines: string[] = [];
  return { lines, log: createLogger({ level, destination: { write: (line) => lines.push(line) } }) };
}

describe('createLogger', () => {
  it('writes one JSON object a line with level, time, fields and sentence', () => {
    const { lines, log } = recorder('info');
    log.info({ route: '/v1/evaluations', ms: 3 }, 'answered');
    log.debug({}, 'not at this level');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      route: '/v1/evaluations',
      ms: 3,
      msg: 'answered',
    });
  });

  it('lets no identifier of a person through, wherever it stands', () => {
    const { lines, log } = recorder('debug');
    const canaries = ['203.0.113.77', '2001:db8::77', 'li.wei@mail.example', '+15551234567', '4111 1111 1111 1111'];
    for (const canary of canaries) {
      log.info({ note: `from ${canary} today`, nested: { list: [canary] } }, `seen ${canary}`);
      log.error({ err: new Error(`duplicate key (${canary})`) }, 'failed');
    }
    log.warn(
      { device: { fingerprint: 'fp_canary' }, ip: 'x_canary', Authorization: 'Bearer canary' },
      'pk_abcdefghijkcanary',
    );
    for (const canary of [...canaries, 'canary']) expect(lines.join('\n')).not.toContain(canary);
    expect(lines[0]).toContain('[redacted]');
  });

  it('keeps what is no identifier: times, versions, ids of requests', () => {
    const { lines, log } = recorder('debug');
    log.info(
      { request_id: 'req_01JD', at: '2026-05-01T12:00:00.000Z', ruleset: '2026-11-20.3' },
      'at http://127.0.0.1:8080, 12:00:00',
    );
    expect(lines[0]).not.toContain('[redacted]');
  });
});
