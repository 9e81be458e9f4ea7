import type { FeatureLookup } from '../features/feature-store.js';
import { eventTypes } from '../model/event-type.js';
import type { FeatureKind } from '../model/feature.js';
import type { Instant } from '../model/time.js';
import type { Value } from '../model/value.js';
import type { ReplayPorts } from '../replay/replay-ports.js';
import type { GivenAccounts, GivenLabel, SequenceTest } from './sequence-test.js';

/** What was before the first event: labelled accounts and trusted ones, counted by the features that look for them. */
export async function seedHistory({ given, clock }: SequenceTest, ports: ReplayPorts): Promise<void> {
  for (const [index, label] of given.labels.entries()) await seedLabel(label, { index, clock, ports });
  for (const [index, accounts] of given.accounts.entries()) await seedAccounts(accounts, { index, clock, ports });
}

interface Seeding {
  readonly index: number;
  readonly clock: Instant;
  readonly ports: ReplayPorts;
}

async function seedLabel(given: GivenLabel, { index, clock, ports }: Seeding): Promise<void> {
  const at = Math.min(given.at ?? clock - given.ageMs, clock - 1);
  const own = given.keys.get('account.id');
  for (let n = 1; n <= given.accounts; n++) {
    const accountId = own === undefined ? `given-${given.label}-${index + 1}-${n}` : String(own);
    await touch('labelled', given.keys, { accountId, at, since: at, ports });
    await ports.features.label(accountId, given.label, at);
  }
}

async function seedAccounts({ keys, ageMs, accounts }: GivenAccounts, { index, clock, ports }: Seeding): Promise<void> {
  for (let n = 1; n <= accounts; n++)
    await touch('trusted', keys, {
      accountId: `given-trusted-${index + 1}-${n}`,
      at: clock - 1,
      since: clock - Math.max(ageMs, 1),
      ports,
    });
}

interface Touch {
  readonly accountId: string;
  readonly at: Instant;
  readonly since: Instant;
  readonly ports: ReplayPorts;
}

/** Counts one event of an account for the features of one kind whose keys are wholly known. */
async function touch(kind: FeatureKind, keys: ReadonlyMap<string, Value>, how: Touch): Promise<void> {
  const { story } = how.ports;
  const snapshot = story.snapshot();
  const slots = snapshot.ruleSet.newSlots();
  for (const [name, value] of keys) {
    const slot = snapshot.ruleSet.slotOf(name);
    if (slot !== undefined) slots[slot] = value;
  }
  const { accountId, at, since } = how;
  const moment = { eventId: `${accountId}-event`, accountId, at, accountSince: since };
  const lookups = new Map<string, FeatureLookup>();
  for (const type of eventTypes) {
    const plan = snapshot.planFor(type);
    for (const lookup of plan.bindFeatures(moment, slots, plan.hashesOf(slots)).request.lookups)
      if (lookup.spec.kind === kind) lookups.set(`${lookup.spec.id} ${lookup.key}`, { ...lookup, counts: true });
  }
  await story.features.observe({ ...moment, lookups: [...lookups.values()] });
}
