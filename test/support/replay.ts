import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openReplay } from '../../src/adapters/replay/open-replay.js';
import { LinesWithCases } from '../../src/replay/lines-with-cases.js';
import type { LineProblem } from '../../src/replay/read-event-line.js';
import { type ReplaySummary, replayEvents } from '../../src/replay/replay-events.js';
import type { ReplayLine } from '../../src/replay/replay-line.js';

export const replayStart = Date.parse('2026-05-01T00:00:00Z');
export const minute = 60_000;
export const hour = 60 * minute;

/** Rules for replays: a card that is shared, a ring, and what becomes known late. */
export const replayRules = `reasons:
  payment.reused: { title: Payment method used by several accounts, public: additional_verification_required }
  ring.large: { title: Part of a ring, public: additional_verification_required }
  velocity.burst: { title: Many signups, public: additional_verification_required }
features:
  accounts_per_card_90d: { distinct: account.id, by: [payment.fingerprint], window: 90d, on: [signup, payment_method_added] }
  signups_per_device_1h: { count: event, by: [device.fingerprint], window: 1h, on: [signup] }
  card_fraud_180d: { labelled: fraud, by: [payment.fingerprint], window: 180d, on: [signup] }
links:
  card: { by: [payment.fingerprint], strength: strong, hub_cap: 20, ttl: 180d }
rules:
  - id: payment-three-accounts
    family: payment
    on: [signup, payment_method_added]
    when: accounts_per_card_90d >= 3
    points: 35
    reason: payment.reused
    title: "{accounts_per_card_90d} accounts on this card"
    owner: abuse-team
  - id: payment-fraud
    family: payment
    on: [signup]
    when: card_fraud_180d >= 1
    points: 40
    at_least: hold
    reason: payment.reused
    title: "{card_fraud_180d} fraudulent accounts on this card"
    owner: abuse-team
  - id: velocity-device
    family: velocity
    on: [signup]
    when: signups_per_device_1h >= 5
    points: 30
    reason: velocity.burst
    title: "{signups_per_device_1h} signups from this device in an hour"
    owner: abuse-team
  - id: ring-five
    family: ring
    on: [signup]
    when: ring.size >= 5
    points: 30
    at_least: hold
    reason: ring.large
    title: Part of a ring of {ring.size}
    owner: abuse-team
policy:
  thresholds: { limit: 30, hold: 60 }
`;

export interface Rehearsal {
  readonly lines: readonly ReplayLine[];
  readonly problems: readonly LineProblem[];
  /** Undefined when the replay stopped. */
  readonly summary: ReplaySummary | undefined;
}

export interface RehearsalInput {
  readonly events: readonly (object | string)[];
  readonly labels?: readonly object[];
  readonly rules?: string;
  readonly horizonMs?: number;
  readonly skipBad?: boolean;
  /** Lines in each piece of a file. */
  readonly blockLines?: number;
}

/** Blocks as they come from a file: small, so that a test has several. */
const usualLines = 7;

async function* blocksOf(
  items: readonly (object | string)[],
  blockLines = usualLines,
): AsyncGenerator<readonly string[]> {
  const lines = items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  for (let from = 0; from < lines.length; from += blockLines) yield lines.slice(from, from + blockLines);
}

/** A folder of its own with these files, gone after `use`. */
export async function withFiles<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-replay-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A replay in this process, from nothing to the end. */
export function rehearse(input: RehearsalInput): Promise<Rehearsal> {
  return withFiles({ 'rules/all.yml': input.rules ?? replayRules }, async (folder) => {
    const world = await openReplay({ rulesDir: join(folder, 'rules'), dataDir: join(folder, 'data') });
    if (!world.ok) throw new Error(world.error.join('\n'));
    const lines: ReplayLine[] = [];
    const inOrder = new LinesWithCases((line) => lines.push(line));
    const ports = world.value.ports((line) => inOrder.take(line));
    const problems: LineProblem[] = [];
    const done = await replayEvents(
      {
        events: blocksOf(input.events, input.blockLines),
        labels: input.labels === undefined ? undefined : blocksOf(input.labels, input.blockLines),
        horizonMs: input.horizonMs ?? hour,
        onBadLine: (problem) => {
          problems.push(problem);
          return input.skipBad === true;
        },
      },
      ports,
    );
    inOrder.end(ports.takeCases());
    return { lines, problems, summary: done.ok ? done.value : undefined };
  });
}

const iso = (at: number): string => new Date(at).toISOString();

/** A signup `after` milliseconds after the start. */
export const signupAt = (account: string, after: number, more: object = {}): object => ({
  type: 'signup',
  event_id: `evt_${account}`,
  occurred_at: iso(replayStart + after),
  account: { id: account },
  ip: '203.0.113.7',
  ...more,
});

export const labelAt = (account: string, after: number, label = 'fraud'): object => ({
  at: iso(replayStart + after),
  account_id: account,
  label,
  source: 'chargeback',
});
