import { describe, expect, it } from '@jest/globals';
import { rehearse, replayRules, replayStart } from '../../support/replay.js';
import { trySequences } from '../../support/sequences.js';

const test = `name: a farm, its label and what follows
clock: ${new Date(replayStart).toISOString()}
events:
  - { repeat: 8, every: 7m, type: signup, account.id: "a{n}", ip: "203.0.113.{n}", device.fingerprint: "d{1|2}", payment.fingerprint: "c{1|2|3}" }
  - { repeat: 5, every: 3h, at: 30m, type: payment_method_added, account.id: "a{n}", payment.fingerprint: c1 }
  - { repeat: 12, every: 1m, at: 5h, type: signup, account.id: "b{n}", ip: "203.0.113.{n+50}", device.fingerprint: d9, payment.fingerprint: "c{7|8}" }
  - { label: fraud, account.id: b1, at: 6h }
  - { repeat: 3, every: 1h, at: 7h, type: signup, account.id: "c{n}", ip: 203.0.113.90, payment.fingerprint: c7 }
`;

describe('a sequence', () => {
  it('comes to what a replay of its events comes to, changes between them included', async () => {
    const { runs } = await trySequences(test, replayRules);
    const played = runs[0]?.played;
    const events = [...(played?.events.values() ?? [])];
    expect(events).toHaveLength(28);
    const at = new Date(replayStart + 6 * 3_600_000).toISOString();
    const { lines, problems } = await rehearse({
      events: events
        .map(({ event }) => event)
        .sort((a, b) => String(a.occurred_at).localeCompare(String(b.occurred_at))),
      labels: [{ at, account_id: 'b1', label: 'fraud', source: 'test' }],
    });
    expect(problems).toEqual([]);
    const replayed = new Map(lines.flatMap((line) => (line.kind === 'decision' ? [[line.event_id, line]] : [])));
    expect(replayed.size).toBe(28);
    for (const { decision } of events)
      expect(replayed.get(decision.event_id)).toMatchObject({
        outcome: decision.outcome,
        score: decision.score,
        state: decision.access.state,
        rules: decision.reasons.map(({ rule }) => rule),
      });
    const changes = (played?.changes ?? [])
      .filter(({ cause }) => cause !== 'decision')
      .map(({ at: time, accountId, state, cause }) => `${new Date(time).toISOString()} ${accountId} ${state} ${cause}`);
    expect(changes.length).toBeGreaterThan(5);
    expect(changes).toEqual(
      lines.flatMap((line) =>
        line.kind === 'access_changed' ? [`${line.at} ${line.account_id} ${line.to} ${line.cause}`] : [],
      ),
    );
  });
});
