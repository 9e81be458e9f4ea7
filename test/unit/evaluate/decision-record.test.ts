import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DecisionRecord } from '../../../src/decisions/decision-log.js';
import { evaluateEvent } from '../../../src/evaluate/evaluate-event.js';
import { parseEvent } from '../../../src/model/parse-event.js';
import type { SignalPorts } from '../../../src/signals/signal-context.js';
import { memoryStory } from '../../support/memory-story.js';

const noon = Date.UTC(2026, 10, 21, 12);
const rules = new Map([
  [
    'seen.yml',
    `features:
  signups_per_place: { count: event, by: [device.timezone], window: 1h }
rules:
  - id: seen
    family: device
    on: [signup]
    when: device.timezone == "x" || device.form_ms > 1 || email.verified || signups_per_place > 3 || email.domain == "y"
    points: 1
    reason: device.seen
    owner: tests
    title: seen
`,
  ],
  ['reasons.yml', 'reasons:\n  device.seen: { title: Seen, public: additional_verification_required }\n'],
]);

/** What the log is given for the last of some events. */
async function recorded(bodies: readonly object[], ip?: SignalPorts['ip']): Promise<DecisionRecord> {
  const { story } = memoryStory(rules, noon, ip);
  const records: DecisionRecord[] = [];
  const log = Object.assign(Object.create(story.log), {
    commit: (record: DecisionRecord) => {
      records.push(record);
      return story.log.commit(record);
    },
  });
  for (const body of bodies) {
    const event = parseEvent(body);
    if (!event.ok) throw new Error(JSON.stringify(event.error));
    await evaluateEvent(event.value, { ...story, log });
  }
  const record = records.at(-1);
  if (record === undefined) throw new Error('nothing was recorded');
  return record;
}

describe('the record of a decision', () => {
  it('has what was seen as an object and as the JSON of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        // No event has a NUL in a text: it is refused at the door.
        fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0')),
        fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
        async (timezone, formMs) => {
          const record = await recorded([
            {
              type: 'signup',
              event_id: 'evt_seen',
              account: { id: 'acct_seen' },
              ip: '198.18.0.1',
              email: { address: 'somebody@mail.example', verified: true },
              device: { timezone, ...(formMs === undefined ? {} : { form_ms: formMs }) },
            },
          ]);
          expect(record.inputs['email.domain']).toBeDefined();
          expect(record.inputsJson).toBe(JSON.stringify(record.inputs));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('tells where the event came from, though no rule asks for that', async () => {
    const germany = { lookup: () => ({ country: 'DE', asn: 64_500 }) };
    const signup = { type: 'signup', event_id: 'evt_from', account: { id: 'acct_from' }, ip: '198.18.0.1' };
    const record = await recorded([signup], germany);
    expect(record.inputs).toMatchObject({ 'ip.country': 'DE', 'ip.asn': 64_500 });
    expect(record.inputsJson).toBe(JSON.stringify(record.inputs));
    const card = { type: 'payment_method_added', event_id: 'evt_card', account: { id: 'acct_from' } };
    expect((await recorded([signup, card], germany)).inputs).toEqual({ 'signup.country': 'DE', 'signup.asn': 64_500 });
    expect((await recorded([signup])).inputs).not.toHaveProperty(['ip.country']);
  });

  it('seals the event that was decided, whole', async () => {
    const body = {
      type: 'signup',
      event_id: 'evt_whole',
      account: { id: 'acct_whole', plan: 'api' },
      ip: '198.18.0.1',
    };
    expect(JSON.parse((await recorded([body])).sealed)).toEqual(body);
  });
});
