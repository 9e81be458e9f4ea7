import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Admission, type Visit } from '../../../src/evaluate/admission.js';

/** A clock that stands still until it is moved, and an admission by it. */
function admissionAt(maxInside = 1000, { maxReading = 1000, maxReadingOfOne = 1000 } = {}) {
  const clock = { ms: 0 };
  const admission = new Admission({ maxInside, maxReading, maxReadingOfOne, elapsed: () => clock.ms });
  return { clock, admission };
}

/** Takes all places; returns who has them. */
async function takeAll(admission: Admission): Promise<Visit[]> {
  const visits: Visit[] = [];
  while (admission.taken < admission.places) {
    const visit = enter(admission);
    await visit.turn();
    visits.push(visit);
  }
  return visits;
}

function enter(admission: Admission): Visit {
  const visit = admission.enter('one');
  if (visit === undefined) throw new Error('refused');
  return visit;
}

const slowMs = 90;
const quickMs = 2;

describe('admission of evaluations', () => {
  it('lets in as many as there are places; the rest wait and come in their order', async () => {
    const { admission } = admissionAt();
    const [first] = await takeAll(admission);
    const came: string[] = [];
    const second = enter(admission)
      .turn()
      .then(() => came.push('second'));
    void enter(admission)
      .turn()
      .then(() => came.push('third'));
    expect({ inside: admission.inside, taken: admission.taken, waiting: admission.waiting }).toEqual({
      inside: 18,
      taken: 16,
      waiting: 2,
    });
    expect(came).toEqual([]);
    first?.leave();
    await second;
    expect(came).toEqual(['second']);
    expect(admission.waiting).toBe(1);
  });

  it('gives no place to who has not got its body yet, however many they are', async () => {
    const { admission } = admissionAt();
    const slow = Array.from({ length: 100 }, () => enter(admission));
    const counts = () => ({ reading: admission.reading, inside: admission.inside, taken: admission.taken });
    expect(counts()).toEqual({ reading: 100, inside: 0, taken: 0 });
    expect(await enter(admission).turn()).toBe(true);
    expect(counts()).toEqual({ reading: 100, inside: 1, taken: 1 });
    for (const visit of slow) visit.leave();
    expect(counts()).toEqual({ reading: 0, inside: 1, taken: 1 });
  });

  it('refuses who has got its body only when there is no room any more', async () => {
    const { admission } = admissionAt(1);
    const [first, second] = [enter(admission), enter(admission)];
    expect(await first.turn()).toBe(true);
    expect(await second.turn()).toBe(false);
    second.leave();
    expect(admission.enter('one')).toBeUndefined();
    first.leave();
    expect({ inside: admission.inside, reading: admission.reading }).toEqual({ inside: 0, reading: 0 });
    expect(await enter(admission).turn()).toBe(true);
  });

  it('reads for each caller up to its share, and for all up to a bound', () => {
    const { admission } = admissionAt(1000, { maxReading: 5, maxReadingOfOne: 3 });
    const of = (caller: string, count: number) => Array.from({ length: count }, () => admission.enter(caller));
    const letIn = (visits: readonly (Visit | undefined)[]) => visits.filter((visit) => visit !== undefined);
    const slow = letIn(of('one', 10));
    expect(slow).toHaveLength(3);
    expect(letIn(of('other', 10))).toHaveLength(2);
    slow[0]?.leave();
    expect(letIn(of('one', 10))).toHaveLength(1);
  });

  it('has fewer places when trips to the hot store are slow, once a round, and never too few', async () => {
    const { admission } = admissionAt();
    for (let n = 0; n < 16; n++) admission.tripTook(slowMs);
    expect(admission.places).toBe(12);
    for (let n = 0; n < 5; n++) admission.tripTook(slowMs);
    expect(admission.places).toBe(12);
    for (let n = 0; n < 1000; n++) admission.tripTook(slowMs);
    expect(admission.places).toBe(6);
  });

  it('has more places when trips are quick and somebody waits, up to a bound', async () => {
    const { admission } = admissionAt();
    for (let n = 0; n < 100; n++) admission.tripTook(quickMs);
    expect(admission.places).toBe(16);
    await takeAll(admission);
    void enter(admission).turn();
    for (let n = 0; n < 17; n++) admission.tripTook(quickMs);
    expect(admission.places).toBe(17);
    for (let n = 0; n < 10_000; n++) admission.tripTook(quickMs);
    expect(admission.places).toBe(64);
  });

  it('lets a burst queue, however long the queue', async () => {
    const { admission } = admissionAt();
    await takeAll(admission);
    for (let n = 0; n < 900; n++) void enter(admission).turn();
    expect(admission.waiting).toBe(900);
  });

  it('refuses at once who would wait too long in a queue that stands, and nobody once it is gone', async () => {
    const { admission, clock } = admissionAt();
    const working = await takeAll(admission);
    const queued = Array.from({ length: 600 }, () => {
      const visit = enter(admission);
      return { visit, turn: visit.turn() };
    });
    clock.ms = 101;
    expect(admission.enter('one')).toBeUndefined();
    for (const visit of working) visit.leave();
    for (const { visit, turn } of queued) {
      await turn;
      visit.leave();
    }
    expect({ taken: admission.taken, waiting: admission.waiting }).toEqual({ taken: 0, waiting: 0 });
    await takeAll(admission);
    expect(admission.enter('one')).toBeDefined();
  });

  it('goes on letting in as many as will not wait long while the queue stands', async () => {
    const { admission, clock } = admissionAt();
    await takeAll(admission);
    void enter(admission).turn();
    clock.ms = 10_000;
    let more = 0;
    for (let visit = admission.enter('one'); visit !== undefined; visit = admission.enter('one'), more++)
      void visit.turn();
    // 16 places that are held for 20 ms each are 120 in 150 ms.
    expect(more).toBe(119);
  });

  it('holds no more inside than it may, whatever happens', async () => {
    const steps = fc.array(
      fc.oneof(
        fc.constant('enter' as const),
        fc.constant('leave' as const),
        fc.constant('pass' as const),
        fc.integer({ min: 1, max: 100 }),
      ),
      { maxLength: 400 },
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 40 }), async (all, maxInside) => {
        const { admission, clock } = admissionAt(maxInside);
        const working: Visit[] = [];
        for (const step of all) {
          if (step === 'enter') {
            const visit = admission.enter('one');
            void visit?.turn().then((mayWork) => (mayWork ? working.push(visit) : visit.leave()));
          } else if (step === 'leave') working.shift()?.leave();
          else if (step === 'pass') clock.ms += 50;
          else admission.tripTook(step);
          await new Promise(setImmediate);
          expect(admission.inside).toBeLessThanOrEqual(maxInside);
          expect(admission.inside).toBe(admission.taken + admission.waiting);
          // Nobody waits while there is a place that somebody has given back.
          if (admission.taken === 0) expect(admission.waiting).toBe(0);
        }
        for (let visit = working.shift(); visit !== undefined; visit = working.shift()) {
          visit.leave();
          await new Promise(setImmediate);
        }
        expect({ taken: admission.taken, waiting: admission.waiting }).toEqual({ taken: 0, waiting: 0 });
      }),
    );
  });
});
