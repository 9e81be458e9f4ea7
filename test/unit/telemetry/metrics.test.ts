import { describe, expect, it } from '@jest/globals';
import { metricNames } from '../../../src/telemetry/metric-names.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';

describe('createMetrics', () => {
  it('exposes every declared metric under its name', async () => {
    const text = await createMetrics().text();
    for (const { name, help } of Object.values(metricNames)) {
      expect(name).toMatch(/^portcullis_[a-z_]+$/);
      expect(text).toContain(`# HELP ${name} ${help}`);
    }
  });

  it('counts apart for each service in one process', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.evaluations.inc({ type: 'signup', outcome: 'hold' });
    expect(await one.text()).toContain('portcullis_evaluations_total{type="signup",outcome="hold"} 1');
    expect(await other.text()).not.toContain('outcome="hold"');
  });
});
