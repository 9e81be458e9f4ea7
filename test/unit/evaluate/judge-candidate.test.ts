import { describe, expect, it } from '@jest/globals';
import { signalPortsFor } from '../../../src/adapters/identity/signal-ports.js';
import { fastHash } from '../../../src/adapters/memory/fast-hash.js';
import { judgeCandidate } from '../../../src/evaluate/judge-candidate.js';
import { prepareSnapshot } from '../../../src/evaluate/prepare-snapshot.js';
import type { Snapshot } from '../../../src/evaluate/snapshot.js';
import { parseEvent } from '../../../src/model/parse-event.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { rightRules, ruleFiles, today } from '../../support/rule-files.js';

function snapshotOf(text: string): Snapshot {
  const { ruleSet, errors } = loadRuleSet({ files: ruleFiles(text), now: today });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  const ports = signalPortsFor({ tables: undefined, databases: [] })(ruleSet.lists);
  return prepareSnapshot(ruleSet, {
    ports,
    hash: fastHash,
    listener: { ruleHit: () => undefined, fuseBlown: () => undefined },
  });
}

const live = snapshotOf(rightRules);
const parsed = parseEvent({
  type: 'signup',
  event_id: 'evt_1',
  account: { id: 'acct_1' },
  ip: '203.0.113.9',
  email: { address: 'ada@mail.example' },
  payment: { fingerprint: 'pm_1' },
});
if (!parsed.ok) throw new Error('the event is right');
const event = parsed.value;

/** The set in use has read so many accounts on the card. */
function outcomeOf(candidate: Snapshot, accounts: number, clearedRules: readonly string[] = []): string {
  const slots = live.ruleSet.newSlots();
  const signals = { event, remembered: { parts: {} }, at: today };
  live.planFor('signup').writeSignals(signals, slots);
  slots[live.ruleSet.slotOf('accounts_per_card_90d') ?? -1] = accounts;
  return judgeCandidate(candidate, {
    live,
    slots,
    signals,
    now: today,
    clearedRules: new Set(clearedRules),
    missing: [],
  }).outcome;
}

describe('a candidate', () => {
  it('judges by the features that the set in use has read, where both declare the same', () => {
    const stricter = snapshotOf(rightRules.replace('accounts_per_card_90d >= 3', 'accounts_per_card_90d >= 2'));
    expect(outcomeOf(live, 2)).toBe('allow');
    expect(outcomeOf(stricter, 2)).toBe('hold');
    expect(outcomeOf(stricter, 1)).toBe('allow');
  });

  it('knows nothing of a feature that nobody counts for it', () => {
    const other = snapshotOf(rightRules.replace('window: 90d', 'window: 80d'));
    expect(outcomeOf(other, 9)).toBe('allow');
    const asking = rightRules.replaceAll('accounts_per_card_90d >= 3', 'default(accounts_per_card_90d, 9) >= 3');
    // Absent would be 9; not looked at is unknown.
    expect(outcomeOf(snapshotOf(asking.replace('window: 90d', 'window: 80d')), 0)).toBe('allow');
  });

  it('reads signals of its own', () => {
    const other = snapshotOf(
      rightRules.replace(
        'when: accounts_per_card_90d >= 3',
        'when: email.domain == "mail.example" && accounts_per_card_90d >= 1',
      ),
    );
    expect(outcomeOf(other, 1)).toBe('hold');
  });

  it('leaves alone whom the rule was cleared for', () => {
    expect(outcomeOf(live, 5)).toBe('hold');
    expect(outcomeOf(live, 5, ['payment-many-accounts'])).toBe('allow');
  });

  it('says what it would be under a policy that only reports', () => {
    expect(outcomeOf(snapshotOf(rightRules.replace('policy:', 'policy:\n  level: report')), 5)).toBe('hold');
  });
});
