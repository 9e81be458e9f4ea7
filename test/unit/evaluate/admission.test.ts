import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Admission, type Leave } from '../../../src/evaluate/admission.js';

/** A clock that stands still until it is moved, and an admission by it. */
function admissionAt(maxInside = 1000) {
  const clock = { ms: 0 };
  const admission = new Admission({ maxInside, elapsed: () => clock.ms });
  return { clock, admission };
}

/** Takes places until one has to wait; returns what gives them back. */
async function takeAll(admission: Admission): Promise<Leave[]> {
  const leaves: Leave[] = [];
  while (admission.taken < admission.places) leaves.push(await enter(admission));
  return leaves;
}

function enter(admission: Admission): Promise<Leave> {
  const place = admission.enter();
  if (place === undefined) throw new Error('refused');
  return place;
}

const slowMs = 90;
const quickMs = 2;

describe('admission of evaluations', () => {
  it('lets in as many as there are places; the rest wait and come in their order', async () => {
    const { admission } = admissionAt();
    const [first] = await takeAll(admission);
    const came: string[] = [];
    const second = enter(admission).then(() => came.push('second'));
    const third = enter(admission).then(() => came.push('third'));
    expect({ taken: admission.taken, waiting: admission.waiting }).toEqual({ taken: 16, waiting: 2 });
    expect(came).toEqual([]);
    first?.();
    await second;
    expect(came).toEqual(['second']);
    expect(admission.waiting).toBe(1);
    void third;
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
    void enter(admission);
    for (let n = 0; n < 17; n++) admission.tripTook(quickMs);
    expect(admission.places).toBe(17);
    for (let n = 0; n < 10_000; n++) admission.tripTook(quickMs);
    expect(admission.places).toBe(64);
  });

  it('lets a burst queue, however long the queue', async () => {
    const { admission } = admissionAt();
    await takeAll(admission);
    for (let n = 0; n < 900; n++) expect(admission.enter()).toBeDefined();
  });

  it('refuses at once who would wait too long in a queue that stands, and nobody once it is gone', async () => {
    const { admission, clock } = admissionAt();
    const leaves = await takeAll(admission);
    const queued = Array.from({ length: 600 }, () => enter(admission));
    clock.ms = 101;
    expect(admission.enter()).toBeUndefined();
    for (const leave of leaves) leave();
    for (const place of queued) (await place)();
    expect({ taken: admission.taken, waiting: admission.waiting }).toEqual({ taken: 0, waiting: 0 });
    await takeAll(admission);
    expect(admission.enter()).toBeDefined();
  });

  it('goes on letting in as many as will not wait long while the queue stands', async () => {
    const { admission, clock } = admissionAt();
    await takeAll(admission);
    void enter(admission);
    clock.ms = 10_000;
    let more = 0;
    while (admission.enter() !== undefined) more++;
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
        const inside: Leave[] = [];
        let _entered = 0;
        for (const step of all) {
          if (step === 'enter') {
            const place = admission.enter();
            void place?.then((leave) => inside.push(leave));
          } else if (step === 'leave') inside.shift()?.();
          else if (step === 'pass') clock.ms += 50;
          else admission.tripTook(step);
          await Promise.resolve();
          await Promise.resolve();
          expect(admission.taken + admission.waiting).toBeLessThanOrEqual(maxInside);
          // Nobody waits while there is a place that somebody has given back.
          if (admission.taken === 0) expect(admission.waiting).toBe(0);
        }
        for (let leave = inside.shift(); leave !== undefined; leave = inside.shift()) {
          leave();
          _entered--;
          await Promise.resolve();
          await Promise.resolve();
        }
        expect({ taken: admission.taken, waiting: admission.waiting }).toEqual({ taken: 0, waiting: 0 });
      }),
    );
  });
});
