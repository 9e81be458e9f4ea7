import { describe, expect, it } from '@jest/globals';
import { crowds } from '../../../src/campaigns/crowds/registry.js';
import { knownExits } from '../../../src/campaigns/known-exits.js';
import type { Event } from '../../../src/model/event.js';
import { parseIpAddress } from '../../../src/model/ip-address.js';
import { campaign } from '../../support/campaign-builder.js';

const kinds = (events: readonly Event[], of: (event: Event) => unknown): number =>
  new Set(events.map((event) => JSON.stringify(of(event)))).size;

/** Groups of one crowd that share something. */
function gatheringsOf(name: string, honest = 400): readonly (readonly Event[])[] {
  const { truths, signupsOf } = campaign({
    crowds: Object.fromEntries(crowds.map((crowd) => [crowd.name, crowd.name === name ? 1 : 0])),
    accounts: 0,
    honest,
  });
  const units = [...new Set(truths.map(({ unit }) => unit))];
  return units.map((unit) => signupsOf((truth) => truth.unit === unit));
}

const minutesOf = (events: readonly Event[]): number => {
  const times = events.map(({ occurred_at }) => Date.parse(occurred_at ?? ''));
  return (Math.max(...times) - Math.min(...times)) / 60_000;
};

describe('honest crowds', () => {
  it('class: one egress, student mail of one university, own machines, within the hour', () => {
    for (const students of gatheringsOf('campus')) {
      expect(kinds(students, ({ ip }) => ip)).toBe(1);
      expect(kinds(students, ({ email }) => email?.address.split('@')[1])).toBe(1);
      expect(kinds(students, ({ device }) => device?.gpu)).toBeGreaterThan(students.length > 20 ? 3 : 0);
      expect(minutesOf(students)).toBeLessThanOrEqual(60);
    }
  });

  it('agency: one machine and one address for all its accounts, an organization each', () => {
    for (const clients of gatheringsOf('agency')) {
      expect(kinds(clients, ({ device }) => device?.fingerprint)).toBe(1);
      expect(kinds(clients, ({ ip }) => ip)).toBe(1);
      expect(kinds(clients, ({ payment }) => payment?.fingerprint)).toBeLessThanOrEqual(2);
      expect(clients.every(({ account }) => account.organization !== undefined)).toBe(true);
    }
  });

  it('reseller: one card, but machines and domains of the customers', () => {
    for (const customers of gatheringsOf('reseller')) {
      expect(kinds(customers, ({ payment }) => payment?.fingerprint)).toBe(1);
      expect(kinds(customers, ({ ip }) => ip)).toBeGreaterThan(customers.length / 2);
    }
  });

  it('enterprise: one organization, single sign-on mail and managed laptops, within the hour, no cards', () => {
    for (const staff of gatheringsOf('enterprise', 1600)) {
      expect(kinds(staff, ({ account }) => account.organization)).toBe(1);
      expect(kinds(staff, ({ device }) => device?.gpu)).toBeLessThanOrEqual(3);
      expect(kinds(staff, ({ device }) => device?.fingerprint)).toBe(staff.length);
      expect(staff.some(({ payment }) => payment !== undefined)).toBe(false);
      expect(minutesOf(staff)).toBeLessThanOrEqual(60);
    }
  });

  it('shared lab: several students at each machine', () => {
    for (const students of gatheringsOf('shared-lab'))
      expect(kinds(students, ({ device }) => device?.fingerprint)).toBeLessThanOrEqual(20);
  });

  it('VPN and relay users come from exits that the lists beside the events know', () => {
    const lists = knownExits({ seed: '1', knownExits: 0.3 });
    for (const [name, list] of [
      ['vpn-users', 'vpn.txt'],
      ['relay-users', 'relay.txt'],
    ] as const) {
      const ranges = (lists.get(list) ?? '').split('\n').filter((line) => /^\d/.test(line));
      const inside = (ip: string): boolean => ranges.some((range) => contains(range, ip));
      expect(
        gatheringsOf(name)
          .flat()
          .filter(({ ip }) => !inside(ip ?? '')),
      ).toEqual([]);
    }
  });

  it('every crowd has words about itself and comes when it is asked for', () => {
    for (const { name, doc } of crowds) {
      expect(doc.length).toBeGreaterThan(20);
      const people = gatheringsOf(name, 60).flat().length;
      // Ordinary people arrive at random; all others in exactly the number asked for.
      if (name !== 'ordinary') expect(people).toBe(60);
      else expect(people).toBeGreaterThan(20);
    }
  });
});

function contains(range: string, ip: string): boolean {
  const [network = '', bits] = range.split('/');
  const word = (text: string): number => parseIpAddress(text)?.words[3] ?? -1;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(word(ip) / size) === Math.floor(word(network) / size);
}
