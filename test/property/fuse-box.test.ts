import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FuseBox } from '../../src/ruleset/fuse-box.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import { rightRules, ruleFiles, today } from '../support/rule-files.js';

const { ruleSet } = loadRuleSet({
  files: ruleFiles(rightRules.replace('share: 5%, min: 50', 'share: 30%, min: 4')),
  now: today,
});
const id = 'payment-many-accounts';
const stepMs = 30_000;
const steps = 20;

/** The slow way: all events of the last twenty steps, each time anew; a late one counts in the newest step. */
function blowsAt(events: readonly { readonly at: number; readonly fired: boolean }[]): number | undefined {
  const placed: { step: number; fired: boolean }[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  for (const [index, { at, fired }] of events.entries()) {
    newest = Math.max(newest, Math.floor(at / stepMs));
    placed.push({ step: newest, fired });
    const seen = placed.filter(({ step }) => step > newest - steps);
    const hits = seen.filter((one) => one.fired).length;
    if (hits >= 4 && hits > 0.3 * seen.length) return index;
  }
  return undefined;
}

describe('a fuse', () => {
  it('blows exactly when its window says so, whatever the order of events', () => {
    const event = fc.record({ minutes: fc.integer({ min: 0, max: 40 }), fired: fc.boolean() });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const timed = events.map(({ minutes, fired }) => ({ at: today + minutes * 60_000, fired }));
        let blown: number | undefined;
        const box = new FuseBox(ruleSet?.declarations ?? [], () => undefined);
        for (const [index, { at, fired }] of timed.entries()) {
          box.record('signup', new Set(fired ? [id] : []), at);
          if (box.blown.has(id)) blown ??= index;
        }
        expect(blown).toBe(blowsAt(timed));
      }),
      { numRuns: 500 },
    );
  });

  it('counts from zero once it is known to be whole again', () => {
    const box = new FuseBox(ruleSet?.declarations ?? [], () => undefined);
    const fire = (times: number): void => {
      for (let n = 0; n < times; n++) box.record('signup', new Set([id]), today);
    };
    fire(4);
    expect(box.blown.has(id)).toBe(true);
    box.follow(new Set());
    fire(3);
    expect(box.blown.size).toBe(0);
    fire(1);
    expect(box.blown.has(id)).toBe(true);
  });
});
