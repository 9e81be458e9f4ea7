import { describe, expect, it } from '@jest/globals';
import { MemoryRings, noRings } from '../../../src/adapters/memory/rings.js';
import { assess } from '../../../src/evaluate/assess.js';
import type { EvaluatorPorts } from '../../../src/evaluate/evaluator-ports.js';
import { Patience } from '../../../src/evaluate/patience.js';
import { simulateEvent } from '../../../src/evaluate/simulate-event.js';
import type { Event } from '../../../src/model/event.js';
import { parseEvent } from '../../../src/model/parse-event.js';
import { Unavailable } from '../../../src/model/value.js';
import type { RingStore } from '../../../src/rings/ring-store.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { memoryStory } from '../../support/memory-story.js';
import { ringRules } from '../../support/ring-rules.js';

const start = Date.UTC(2026, 4, 1, 12);
const files = (text: string) => new Map([['ring.yml', text]]);

const signup = (account: string, more: object = {}): Event => {
  const event = parseEvent({
    type: 'signup',
    event_id: `evt_${account}`,
    occurred_at: new Date(start).toISOString(),
    account: { id: account },
    ip: '203.0.113.7',
    payment: { fingerprint: 'pm_shared' },
    ...more,
  });
  if (!event.ok) throw new Error(JSON.stringify(event.error));
  return event.value;
};

/** A store that remembers what it was asked. */
class AskedRings implements RingStore {
  readonly asked: string[] = [];

  constructor(private readonly inner: RingStore) {}

  find: RingStore['find'] = (accountId, links, at) => {
    this.asked.push(`${accountId}: ${links.map(({ link }) => link).join()}`);
    return this.inner.find(accountId, links, at);
  };
}

function judged(event: Event, story: EvaluatorPorts, reachable = true) {
  const patience = new Patience(story);
  if (!reachable) patience.end();
  return assess(event, undefined, { ports: story, count: false, patience });
}

describe('the story of an event and its ring', () => {
  it('names the ring, fires rules that read it, and shows what they read', async () => {
    const { ruleSet } = loadRuleSet({ files: files(ringRules), now: start });
    const rings = new MemoryRings((ruleSet?.links ?? []).map(({ spec }) => spec));
    const story = { ...memoryStory(files(ringRules), start).story, rings };
    for (const account of ['a', 'b']) {
      const { ring, trace } = await judged(signup(account), story);
      expect(ring).toBeNull();
      if (trace === undefined) throw new Error('no trace');
      expect(trace.links.map(({ link }) => link)).toEqual(['card']);
      rings.apply({ kind: 'event', accountId: account, at: start, trace });
    }
    const third = await judged(signup('c'), story);
    expect(third.ring).toEqual({ id: rings.graph.find('a', [], start).own, size: 3 });
    expect(third.reasons).toMatchObject([
      { rule: 'ring-of-many', points: 3, evidence: { 'ring.size': 3 }, title: '3 accounts hang together' },
    ]);
    expect(third.inputs).toMatchObject({ 'ring.size': 3 });
    const simulated = await simulateEvent(signup('c'), story);
    expect(simulated).toMatchObject({ ok: true, value: { ring: third.ring } });
    expect(rings.graph.counts.accounts).toBe(2);
  });

  it('asks once, with every link whose key it knows, beside the features', async () => {
    const rings = new AskedRings(noRings);
    const story = { ...memoryStory(files(ringRules), start).story, rings };
    await judged(signup('a'), story);
    await judged(signup('b', { payment: undefined }), story);
    expect(rings.asked).toEqual(['a: card,prefix', 'b: prefix']);
  });

  it('asks nothing without links', async () => {
    const rings = new AskedRings(noRings);
    const without = ringRules.replace(/links:[\s\S]*?rules:/, 'rules:');
    const { ring, trace, degraded } = await judged(signup('a'), { ...memoryStory(files(without), start).story, rings });
    expect({ asked: rings.asked, ring, trace, degraded }).toEqual({
      asked: [],
      ring: null,
      trace: undefined,
      degraded: [],
    });
  });

  it('is degraded and as strict as the policy says when rings cannot be asked, and leaves its trace all the same', async () => {
    const away: RingStore = { find: async () => new Unavailable('ring_unavailable') };
    const story = { ...memoryStory(files(ringRules), start).story, rings: away };
    const assessment = await judged(signup('a'), story);
    expect(assessment).toMatchObject({ degraded: ['ring_unavailable'], provisional: true, ring: null });
    expect(assessment.decided.outcome).toBe('limit');
    expect(assessment.unknown).toContain('ring.size');
    expect(assessment.trace?.links).toHaveLength(1);
  });

  it('does not wait for rings a second time when the hot store did not answer a moment ago', async () => {
    const rings = new AskedRings(noRings);
    const story = { ...memoryStory(files(ringRules), start).story, rings };
    const { degraded } = await judged(signup('a'), story, false);
    expect(degraded).toEqual(['ring_unavailable']);
    expect(rings.asked).toEqual([]);
  });
});
