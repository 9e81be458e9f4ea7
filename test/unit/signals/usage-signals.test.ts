import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../../src/model/event.js';
import type { RememberedAccount } from '../../../src/signals/signal-context.js';
import { readSignals, signalTime } from '../../support/signal-readings.js';

const hourMs = 3_600_000;

const use = (usage: Event['usage'], remembered?: RememberedAccount) =>
  readSignals({ event: { type: 'api_key_used', usage, ip: '203.0.113.9' }, ...(remembered && { remembered }) });

const usedSince = (hours: number): RememberedAccount => ({ parts: {}, firstUseAt: signalTime - hours * hourMs });

describe('usage signals', () => {
  it('hand on what the gateway counted', () => {
    const usage = { window_s: 3600, requests: 12, distinct_ips: 4, top_model_share: 0.98, prompt_template: 'h_5e1' };
    expect(use(usage)).toMatchObject({
      'usage.requests': 12,
      'usage.distinct_ips': 4,
      'usage.top_model_share': 0.98,
      'usage.prompt_template': 'h_5e1',
    });
  });

  it('bring every window to an hour', () => {
    expect(use({ window_s: 600, requests: 100 })['usage.per_hour']).toBe(600);
    expect(use({ window_s: 86_400, requests: 2400 })['usage.per_hour']).toBe(100);
    expect(use({ requests: 100 })['usage.per_hour']).toBeUndefined();
  });

  it('put the rate into steps, whatever the window', () => {
    expect(use({ window_s: 3600, requests: 9 })['usage.pace']).toBe('under_10');
    expect(use({ window_s: 3600, requests: 10 })['usage.pace']).toBe('under_100');
    expect(use({ window_s: 300, requests: 14 })['usage.pace']).toBe('under_1000');
    expect(use({ window_s: 60, requests: 17 })['usage.pace']).toBe('over_1000');
    expect(use({ requests: 100 })['usage.pace']).toBeUndefined();
  });

  it('know no rate of a window next to nothing', () => {
    const rates = use({ window_s: 5e-324, requests: 3 });
    expect(rates['usage.requests']).toBe(3);
    for (const name of ['usage.per_hour', 'usage.pace', 'usage.ramp'] as const) expect(rates[name]).toBeUndefined();
  });

  it('tell maximum at once from growth over days', () => {
    expect(use({ window_s: 3600, requests: 600 })['usage.ramp']).toBe(600);
    expect(use({ window_s: 3600, requests: 600 }, usedSince(239))['usage.ramp']).toBe(2.5);
  });

  it('do not take a short window for a sudden start of many hours', () => {
    expect(use({ window_s: 60, requests: 10 })['usage.ramp']).toBe(600);
    expect(use({ window_s: 86_400, requests: 2400 })['usage.ramp']).toBeCloseTo(100 / 24);
  });

  it('count a late report as the beginning, never as before it', () => {
    expect(use({ window_s: 3600, requests: 600 }, usedSince(-5))['usage.ramp']).toBe(600);
  });

  it('see that use comes from another part of the network than the signup', () => {
    const from = (ip: string): RememberedAccount => ({ parts: {}, signup: { at: signalTime, ip } });
    expect(use({}, from('203.0.113.200'))['usage.ip_changed_since_signup']).toBe(false);
    expect(use({}, from('198.51.100.9'))['usage.ip_changed_since_signup']).toBe(true);
    expect(use({})['usage.ip_changed_since_signup']).toBeUndefined();
  });

  it('say nothing about a signup', () => {
    const signup = readSignals({ event: { type: 'signup', ip: '203.0.113.9' } });
    expect(signup['usage.ip_changed_since_signup']).toBeUndefined();
    expect(signup['usage.ramp']).toBeUndefined();
  });
});
