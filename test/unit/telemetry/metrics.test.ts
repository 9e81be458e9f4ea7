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

  it('tells what alerts wait for as 0 before anything has happened', async () => {
    const text = await createMetrics().text();
    for (const series of [
      'portcullis_degraded_decisions_total{reason="velocity_unavailable"}',
      'portcullis_degraded_decisions_total{reason="ring_unavailable"}',
      'portcullis_degraded_decisions_total{reason="ip_intel_unavailable"}',
      'portcullis_requests_shed_total{route="/v1/evaluations"}',
      'portcullis_truth_set_back_total{finding="set_back"}',
      'portcullis_webhook_attempts_total{result="given_up"}',
      'portcullis_ruleset_loads_total{result="refused"}',
      'portcullis_store_failures_total{store="redis"}',
      'portcullis_gate_fail_open_total',
    ])
      expect(text).toContain(`\n${series} 0\n`);
  });

  it('counts apart for each service in one process', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.evaluations.inc({ type: 'signup', outcome: 'hold' });
    expect(await one.text()).toContain('portcullis_evaluations_total{type="signup",outcome="hold"} 1');
    expect(await other.text()).not.toContain('outcome="hold"');
  });
});
