import type { Subjects } from '../../src/accounts/subjects.js';
import { MemoryAuditTrail } from '../../src/adapters/memory/audit-trail.js';
import { MemoryListEntries } from '../../src/adapters/memory/list-entries.js';
import { MemoryWebhooks } from '../../src/adapters/memory/webhooks.js';
import { ListDesk } from '../../src/evaluate/list-desk.js';
import { ListAdditions } from '../../src/lists/list-additions.js';
import type { Clock } from '../../src/model/time.js';
import { WebhookDesk } from '../../src/outbox/webhook-desk.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';

const files = new Map([
  [
    'rules.yml',
    `reasons: { list.trusted: { title: Trusted, public: additional_verification_required }, list.burned: { title: Burned, public: additional_verification_required } }
rules:
  - { id: burned-address, family: list, on: [signup], when: ip.address in lists.burned, points: 40, reason: list.burned, owner: us }
  - { id: trusted-domain, family: list, on: [signup], when: email.domain in lists.trusted, points: 0, at_most: allow, reason: list.trusted, owner: us }
`,
  ],
  ['lists/burned.txt', '# source: us\n# date: 2026-05-01\n# type: cidr\n192.0.2.0/24\n'],
  ['lists/people.txt', '# source: us\n# date: 2026-05-01\nada@mail.example\n'],
  ['lists/trusted.txt', '# source: us\n# date: 2026-05-01\ncampus.example\n'],
]);

/** A rule set with one list that raises and one that lets through. */
export function listsInUse() {
  const { ruleSet, errors } = loadRuleSet({ files, now: 0 });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  return { ruleSet, files };
}

/** Knows the account `acct_1`. */
const subjects: Subjects = {
  erase: async (accountId) =>
    accountId === 'acct_1'
      ? {
          accountId,
          erased: [{ what: 'sealed_texts', count: 2 }],
          kept: [{ what: 'access', count: 1, why: 'the gate has to know' }],
        }
      : undefined,
  export: async (accountId) => (accountId === 'acct_1' ? { accountId, memory: null, sections: [] } : undefined),
};

let ids = 0;
const newId = (prefix: string): string => `${prefix}_${String(++ids).padStart(6, '0')}`;

/** Lists, webhooks, audit and subjects in memory. */
export function memoryIntegrations(clock: Clock) {
  const entries = new MemoryListEntries();
  const additions = new ListAdditions();
  const inUse = listsInUse();
  additions.follow(inUse.ruleSet.lists);
  const webhooks = new MemoryWebhooks(clock);
  return {
    listEntries: entries,
    lists: new ListDesk({
      inUse: () => inUse,
      entries,
      newId,
      onChange: () => void entries.active(clock.now()).then((active) => additions.replace(active)),
    }),
    webhooks,
    webhookDesk: new WebhookDesk({
      webhooks,
      newId,
      random: (count) => new Uint8Array(count).fill(7),
      allowLoopback: false,
    }),
    audit: new MemoryAuditTrail(),
    verifyAudit: async () => ({
      ok: true,
      rows: 0,
      sealed: 0,
      unsealed: 0,
      erased: 0,
      erasures: [],
      head: null,
      comparedWith: [],
      problems: [],
      truncated: false,
    }),
    subjects,
  };
}
