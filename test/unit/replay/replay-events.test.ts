import { describe, expect, it } from '@jest/globals';
import type { AccessChangedLine, DecisionLine } from '../../../src/replay/replay-line.js';
import {
  hour,
  labelAt,
  minute,
  type Rehearsal,
  rehearse,
  replayRules,
  replayStart,
  signupAt,
} from '../../support/replay.js';

const decisionsOf = ({ lines }: Rehearsal): DecisionLine[] =>
  lines.flatMap((line) => (line.kind === 'decision' ? [line] : []));
const changesOf = ({ lines }: Rehearsal): AccessChangedLine[] =>
  lines.flatMap((line) => (line.kind === 'access_changed' ? [line] : []));
const onCard = (card: string) => ({ payment: { fingerprint: card } });
const { occurred_at: _untold, ...untimed } = { occurred_at: '', ...signupAt('b', 0) };
const at = (after: number): string => new Date(replayStart + after).toISOString();

describe('a replay', () => {
  it('decides each event on what came before it, and writes the line of the contract', async () => {
    const events = ['a', 'b', 'c'].map((name, n) => signupAt(name, n * minute, onCard('pm_1')));
    const found = await rehearse({ events });
    expect(decisionsOf(found)[2]).toEqual({
      kind: 'decision',
      at: at(2 * minute),
      event_id: 'evt_c',
      type: 'signup',
      account_id: 'c',
      outcome: 'limit',
      score: 35,
      state: 'limited',
      rules: ['payment-three-accounts'],
      reasons: ['payment.reused'],
      ring_id: expect.stringMatching(/^ring_/),
    });
    expect(decisionsOf(found).map(({ outcome }) => outcome)).toEqual(['allow', 'allow', 'limit']);
    expect(found.summary).toMatchObject({ decisions: 3, repeats: 0 });
  });

  it('judges accounts again after an hour: what came after them counts then', async () => {
    const events = ['a', 'b', 'c'].map((name, n) => signupAt(name, n * minute, onCard('pm_1')));
    expect(changesOf(await rehearse({ events }))).toEqual([
      expect.objectContaining({ account_id: 'a', at: at(hour), from: 'admitted', to: 'limited', cause: 'rescore' }),
      expect.objectContaining({ account_id: 'b', at: at(hour + minute), to: 'limited', cause: 'rescore' }),
    ]);
  });

  it('holds the earlier members of a ring when a rule finds it out, at once and as members of that ring', async () => {
    const events = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, n) => signupAt(name, n * minute, onCard('pm_1')));
    const found = await rehearse({ events });
    const fifth = decisionsOf(found)[4];
    expect(fifth).toMatchObject({ account_id: 'e', outcome: 'hold', rules: ['payment-three-accounts', 'ring-five'] });
    expect(changesOf(found).filter(({ cause }) => cause === 'retro_hold')).toEqual(
      ['a', 'b', 'c', 'd'].map((account_id) =>
        expect.objectContaining({ account_id, at: at(4 * minute), to: 'held', ring_id: fifth?.ring_id }),
      ),
    );
    // The ring is known: its next member is held by its own decision.
    expect(decisionsOf(found)[5]).toMatchObject({ state: 'held', ring_id: fifth?.ring_id });
  });

  it('tells in which case accounts are, also where their own gives way to that of their ring without a change', async () => {
    const first = `  - id: first-account
    family: list
    on: [signup]
    when: account.id == "b"
    points: 0
    at_least: hold
    reason: ring.large
    title: One by itself
    owner: abuse-team
policy:`;
    const events = ['b', 'a', 'c', 'd', 'e'].map((name, n) => signupAt(name, n * minute, onCard('pm_1')));
    const { lines } = await rehearse({ events, rules: replayRules.replace('policy:', first) });
    const cases = lines.flatMap((line) => line.cases ?? []);
    const ofB = cases.filter(({ account_id }) => account_id === 'b');
    expect(ofB.map(({ whole_ring }) => whole_ring)).toEqual([false, true]);
    expect(lines[0]?.cases).toEqual([ofB[0]]);
    expect(changesOf({ lines, problems: [], summary: undefined }).some(({ account_id }) => account_id === 'b')).toBe(
      false,
    );
    const ofRing = cases.filter(({ whole_ring }) => whole_ring);
    expect(ofRing.map(({ account_id }) => account_id).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(new Set(ofRing.map(({ case_id }) => case_id)).size).toBe(1);
  });

  it('gathers held accounts of a ring that no rule finds out into one case, a while after the third', async () => {
    const byThemselves = `  - id: held-at-the-door
    family: list
    on: [signup]
    when: account.id in ["a", "b", "c", "d", "e"]
    points: 0
    at_least: hold
    reason: payment.reused
    title: Held by itself
    owner: abuse-team
policy:`;
    const rules = replayRules.replace('ring.size >= 5', 'ring.size >= 50').replace('policy:', byThemselves);
    const cards = { a: 'pm_1', b: 'pm_1', other: 'pm_2', c: 'pm_1', d: 'pm_1', e: 'pm_2' };
    const events = Object.entries(cards).map(([name, card], n) => signupAt(name, n * minute, onCard(card)));
    const found = await rehearse({ events, rules });
    const cases = found.lines.flatMap(({ at: told, cases: moved = [] }) => moved.map((one) => ({ told, ...one })));
    const ofRing = cases.filter(({ whole_ring }) => whole_ring);
    // It is told with the next line; who comes after the case is there joins it at once.
    expect(ofRing.map(({ account_id, told }) => [account_id, told]).sort()).toEqual([
      ['a', at(4 * minute)],
      ['b', at(4 * minute)],
      ['c', at(4 * minute)],
      ['d', at(4 * minute)],
    ]);
    expect(new Set(ofRing.map(({ case_id }) => case_id)).size).toBe(1);
    expect(cases.filter(({ account_id }) => account_id === 'e')).toMatchObject([{ whole_ring: false }]);
    expect(changesOf(found).filter(({ to }) => to === 'held' || to === 'admitted')).toEqual([]);
    expect((await rehearse({ events, rules })).lines).toEqual(found.lines);
  });

  it('spares members of a ring whom an allow-list lets through', async () => {
    const listed = `  - id: list-partner
    family: list
    on: [signup]
    when: account.id in ["b", "d"]
    points: 0
    at_most: allow
    reason: ring.large
    title: A partner
    owner: abuse-team
policy:`;
    const events = ['a', 'b', 'c', 'd', 'e'].map((name, n) => signupAt(name, n * minute, onCard('pm_1')));
    const found = await rehearse({ events, rules: replayRules.replace('policy:', listed) });
    const held = changesOf(found).filter(({ cause }) => cause === 'retro_hold');
    expect(held.map(({ account_id }) => account_id)).toEqual(['a', 'c']);
  });

  it('spares an old account what its ring says against it, and not what else does', async () => {
    const later = 31 * 24 * hour;
    const events = [
      signupAt('old', 0, onCard('pm_1')),
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((name, n) => signupAt(name, later + n * minute, onCard('pm_1'))),
    ];
    const found = await rehearse({ events });
    expect(changesOf(found).filter(({ account_id }) => account_id === 'old')).toEqual([
      expect.objectContaining({ from: 'admitted', to: 'limited', cause: 'rescore' }),
    ]);
    expect(
      changesOf(found)
        .filter(({ account_id }) => account_id === 'a')
        .at(-1),
    ).toMatchObject({ to: 'held' });
  });

  it('learns labels at their time: whoever signs up with the same card later is held', async () => {
    const events = [
      signupAt('a', 0, onCard('pm_1')),
      signupAt('b', minute, onCard('pm_2')),
      signupAt('c', 10 * hour, onCard('pm_1')),
    ];
    const labels = [labelAt('a', 5 * hour), labelAt('nobody', 6 * hour), labelAt('b', 7 * hour, 'honest')];
    const found = await rehearse({ events, labels });
    expect(changesOf(found)).toEqual([
      expect.objectContaining({ account_id: 'a', at: at(5 * hour), from: 'admitted', to: 'held', cause: 'label' }),
    ]);
    expect(decisionsOf(found)[2]).toMatchObject({ outcome: 'hold', rules: ['payment-fraud'] });
    expect(found.summary).toMatchObject({ labels: 3, labelsOfUnknown: 1 });
  });

  it('remembers what an account said earlier', async () => {
    const events = [
      ...['a', 'b'].map((name, n) => signupAt(name, n, onCard('pm_1'))),
      signupAt('c', 2),
      { type: 'payment_method_added', event_id: 'card', occurred_at: at(3), account: { id: 'c' }, ...onCard('pm_1') },
    ];
    expect(decisionsOf(await rehearse({ events }))[3]).toMatchObject({ outcome: 'limit', state: 'limited' });
  });

  it('writes lines in the order of event time, whatever small disorder the file has', async () => {
    const events = Array.from({ length: 40 }, (_, n) => signupAt(`a${n}`, n * minute, onCard(`pm_${n % 3}`)));
    const inOrder = await rehearse({ events });
    const mixed = await rehearse({ events: [...events].reverse() });
    expect(mixed.lines).toEqual(inOrder.lines);
    const times = inOrder.lines.map((line) => line.at);
    expect(times).toEqual([...times].sort());
  });

  it('gives the same lines each time', async () => {
    const events = Array.from({ length: 60 }, (_, n) => signupAt(`a${n}`, n * minute, onCard(`pm_${n % 7}`)));
    const labels = [labelAt('a3', 20 * minute), labelAt('a11', 2 * hour)];
    const [one, other] = [await rehearse({ events, labels }), await rehearse({ events, labels })];
    expect(JSON.stringify(other.lines)).toBe(JSON.stringify(one.lines));
    expect(changesOf(one).length).toBeGreaterThan(0);
  });

  it('decides an event once, however often it comes, and refuses another body under its id', async () => {
    const first = signupAt('a', 0, { ...onCard('pm_1'), custom: { one: 1, two: 2 } });
    const turned = Object.fromEntries(Object.entries(first).reverse());
    const events = [first, turned, signupAt('b', 3 * hour), signupAt('c', 5 * hour), first];
    const found = await rehearse({ events });
    expect(found.summary).toMatchObject({ decisions: 3, repeats: 2 });
    const changed = await rehearse({ events: [first, signupAt('a', 1)] });
    expect(changed.problems).toEqual([{ line: 2, pointer: '/event_id', detail: 'already used, with another body' }]);
    const muchLater = await rehearse({ events: [first, signupAt('b', 3 * hour), signupAt('a', 4 * hour)] });
    expect(muchLater.problems).toMatchObject([{ line: 3, pointer: '/event_id' }]);
  });

  it('decides an event that tells no time once, however often it comes within a day', async () => {
    const others = [signupAt('a', 0), signupAt('c', 3 * hour), signupAt('d', 6 * hour), signupAt('e', 9 * hour)];
    const events = others.flatMap((other) => [other, untimed]);
    const found = await rehearse({ events });
    expect(found.problems).toEqual([]);
    expect(found.summary).toMatchObject({ decisions: 5, repeats: 3 });
  });

  it('gives an event that tells no time the time of the newest before it', async () => {
    const found = await rehearse({ events: [signupAt('a', hour), untimed] });
    expect(decisionsOf(found).map((line) => line.at)).toEqual([at(hour), at(hour)]);
  });

  it.each([
    ['what is not JSON', 'nonsense', ''],
    ['a repeated key', JSON.stringify(signupAt('b', 1)).replace('{', '{"ip":"192.0.2.1",'), '/ip'],
    ['an unknown key', signupAt('b', 1, { ipp: 1 }), '/ipp'],
    ['a wrong value', signupAt('b', 1, { ip: 'nowhere' }), '/ip'],
    ['a card number', signupAt('b', 1, { custom: { note: '4111 1111 1111 1111' } }), '/custom/note'],
    ['what comes too late', signupAt('b', -2 * hour), '/occurred_at'],
  ])('stops at %s and tells its line, or leaves it out', async (_what, bad, pointer) => {
    const events = [signupAt('a', 0), signupAt('later', 90 * minute), bad, signupAt('c', 2 * hour)];
    const input = { events: events.flatMap((event) => [event, '']) };
    const stopped = await rehearse(input);
    expect(stopped.summary).toBeUndefined();
    expect(stopped.problems).toEqual([expect.objectContaining({ line: 5, pointer })]);
    const skipped = await rehearse({ ...input, skipBad: true });
    expect(skipped.problems).toHaveLength(1);
    expect(decisionsOf(skipped).map(({ account_id }) => account_id)).toEqual(['a', 'later', 'c']);
  });

  it('decides the same whatever pieces the files are read in: the horizon alone says what comes too late', async () => {
    const late = signupAt('late', 179 * minute, onCard('pm_1'));
    const events = [
      ...[0, 2 * hour, 4 * hour].map((after, n) => signupAt(`a${n}`, after, onCard('pm_1'))),
      late,
      signupAt('in_time', 3 * hour, onCard('pm_1')),
      late,
      signupAt('a0', 0, { ip: '192.0.2.77' }),
    ];
    const labels = [labelAt('a1', 5 * hour), labelAt('a0', 239 * minute, 'honest'), labelAt('a2', 4 * hour)];
    const found = [];
    for (const blockLines of [1, 2, 7]) found.push(await rehearse({ events, labels, skipBad: true, blockLines }));
    const [one, ...others] = found;
    for (const other of others) expect(other).toEqual(one);
    const lateness = '3660 s late';
    const horizon = 'up to 3600 s of disorder are put in order';
    expect(one?.problems.map(({ line, pointer, detail }) => [line, pointer, detail])).toEqual([
      [2, '/at', expect.stringContaining(`${lateness} in the file, and ${horizon}`)],
      [4, '/occurred_at', expect.stringContaining(`${lateness} in the file, and ${horizon}`)],
      [6, '/occurred_at', expect.stringContaining(lateness)],
    ]);
    expect(one?.summary).toMatchObject({ decisions: 4, repeats: 1, labels: 2 });
  });
});
