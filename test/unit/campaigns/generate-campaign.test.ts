import { describe, expect, it } from '@jest/globals';
import { scenarios } from '../../../src/campaigns/attackers/scenarios.js';
import { tiers } from '../../../src/campaigns/attackers/tiers.js';
import { crowds } from '../../../src/campaigns/crowds/registry.js';
import { parseEvent } from '../../../src/model/parse-event.js';
import { campaign } from '../../support/campaign-builder.js';

const isSorted = (times: readonly number[]): boolean => times.every((at, index) => at >= (times[index - 1] ?? at));
const ways = [
  ...tiers.map(({ tier }) => ({ tier, scenario: 'single' })),
  ...scenarios.map(({ name }) => ({ tier: 'T2', scenario: name })),
];

/** Made once: two tests look at it, neither changes it. */
let made: ReturnType<typeof campaign> | undefined;
const large = (): ReturnType<typeof campaign> => {
  made ??= campaign({ honest: 3000 });
  return made;
};

describe('a generated campaign', () => {
  it('is the same for the same seed, to the last byte', () => {
    const lines = () => JSON.stringify(campaign({ seed: 'again', honest: 250 }).moments);
    expect(lines()).toBe(lines());
  });

  it('is another campaign for another seed: other ways of working, not only other noise', () => {
    const styles = ['a', 'b', 'c'].map((seed) => {
      const { signupsOf } = campaign({ seed, honest: 50 });
      const attackers = signupsOf(({ kind }) => kind === 'fraud');
      return {
        templates: new Set(attackers.map(({ device }) => device?.gpu)).size,
        domains: new Set(attackers.map(({ email }) => email?.address.split('@')[1])).size,
        exits: new Set(attackers.map(({ account }) => account.declared_country)).size,
      };
    });
    expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(3);
  });

  it.each(ways)('tells nothing but valid events in the order of time: $tier, $scenario', (way) => {
    const { moments, events } = campaign({ ...way, honest: 120, accounts: 60 });
    expect(isSorted(moments.map(({ at }) => at))).toBe(true);
    const refused = events.flatMap((event) => {
      const parsed = parseEvent(JSON.parse(JSON.stringify(event)));
      return parsed.ok ? [] : [JSON.stringify(parsed.error)];
    });
    expect(refused).toEqual([]);
  });

  it('gives every account and every event an id of its own, and every account a truth', () => {
    const { events, truths } = campaign();
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
    const signups = events.filter(({ type }) => type === 'signup').map(({ account }) => account.id);
    expect(new Set(signups)).toEqual(new Set(truths.map(({ account_id }) => account_id)));
    expect(new Set(signups).size).toBe(signups.length);
  });

  it('gives no mailbox to two accounts, however common the name', () => {
    const { events } = large();
    const mailboxes = events.flatMap(({ email }) => email?.address.toLowerCase().replace(/\.(?=.*@)/g, '') ?? []);
    expect(new Set(mailboxes).size).toBe(mailboxes.length);
  });

  it('lets no id or word of an event tell who is fraudulent', () => {
    const { events } = campaign();
    expect(JSON.stringify(events)).not.toMatch(/fraud|honest|campaign|T[0-4]"|c1\.p1/);
  });

  it('tells truth about an account only after its signup', () => {
    const { truths, labels } = large();
    const signups = new Map(truths.map(({ account_id, signup_at }) => [account_id, signup_at]));
    expect(labels.length).toBeGreaterThan(10);
    expect(labels.filter(({ account_id, at }) => at < (signups.get(account_id) ?? '9'))).toEqual([]);
  });

  it('has each crowd in its share, and none of those that are given the share 0', () => {
    const only = Object.fromEntries(crowds.map(({ name }) => [name, name === 'campus' || name === 'office' ? 0.5 : 0]));
    const { truths } = campaign({ crowds: only, accounts: 0 });
    const count = (crowd: string): number => truths.filter((truth) => truth.crowd === crowd).length;
    expect([count('campus'), count('office'), truths.length]).toEqual([400, 400, 800]);
  });

  it('has as many attackers as asked for, with about 1,152 exchanges each in both regimes', () => {
    for (const regime of ['burn', 'pool'] as const) {
      const fraud = campaign({ regime, honest: 20, accounts: 400 }).truths.filter(({ kind }) => kind === 'fraud');
      const exchanges = fraud.map(
        ({ first_use_at, last_use_at, exchanges_per_day }) =>
          (exchanges_per_day * (Date.parse(last_use_at ?? '') - Date.parse(first_use_at ?? ''))) / 86_400_000,
      );
      const mean = exchanges.reduce((sum, one) => sum + one, 0) / exchanges.length;
      expect(fraud.length).toBe(400);
      expect(mean).toBeGreaterThan(1050);
      expect(mean).toBeLessThan(1270);
    }
  });

  it.each([
    [1, [0, 0, 1, 0, 0]],
    [7, [1, 1, 3, 1, 1]],
    [60, [5, 12, 25, 13, 5]],
  ])('has %i fraudulent accounts in the scenario mixed, where that is asked for', (accounts, sizes) => {
    const { truths } = campaign({ scenario: 'mixed', honest: 20, accounts });
    const fraud = truths.filter(({ kind }) => kind === 'fraud');
    expect(tiers.map(({ tier }) => fraud.filter((truth) => truth.tier === tier).length)).toEqual(sizes);
  });

  it('has honest people only in the scenario none', () => {
    expect(campaign({ scenario: 'none' }).truths.filter(({ kind }) => kind === 'fraud')).toEqual([]);
  });

  it('fails over to a second pool that begins after the first has ended', () => {
    const { truths } = campaign({ scenario: 'failover', honest: 20 });
    const times = (pool: string) => truths.filter((truth) => truth.pool === pool).map(({ signup_at }) => signup_at);
    expect([times('p1').length, times('p2').length]).toEqual([60, 60]);
    expect((times('p1').at(-1) ?? '') < (times('p2')[0] ?? '')).toBe(true);
  });

  it('drips no more than 300 accounts a day', () => {
    const { truths } = campaign({ scenario: 'drip', honest: 20, accounts: 100_000 });
    const fraud = truths.filter(({ kind }) => kind === 'fraud');
    expect(fraud.length).toBe(1500);
  });
});
