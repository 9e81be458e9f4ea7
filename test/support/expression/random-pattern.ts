import type { PatternTree } from './pattern-tree.js';
import type { RandomSource } from './random-source.js';

const chars = ['a', 'b', 'A', '0', '.', '-', 'é', '\u{1F600}'];

function randomAtom(random: RandomSource): PatternTree {
  const roll = random.below(10);
  if (roll < 6) return { is: 'char', char: random.pick(chars) };
  if (roll === 6) return { is: 'any' };
  if (roll < 9) return { is: 'class', chars: [random.pick(chars), random.pick(chars)], not: random.once(3) };
  return { is: random.pick(['start', 'end']) };
}

function randomPart(random: RandomSource, depth: number): PatternTree {
  const roll = depth > 0 ? random.below(10) : 9;
  const parts = (): readonly PatternTree[] => [randomPart(random, depth - 1), randomPart(random, depth - 1)];
  if (roll < 2) return { is: 'either', parts: parts() };
  if (roll < 4) return { is: 'sequence', parts: parts() };
  if (roll < 7) {
    const least = random.pick([0, 0, 1, 2]);
    const most = random.pick([Number.POSITIVE_INFINITY, Math.max(least, 1), least + 2]);
    return { is: 'repeat', of: randomAtom(random), least, most };
  }
  return randomAtom(random);
}

/** A pattern of the syntax that RE2 and JavaScript share; repeats only of single characters, so that neither is slow. */
export function randomPattern(random: RandomSource): PatternTree {
  const parts = Array.from({ length: 1 + random.below(3) }, () => randomPart(random, 2));
  const first: readonly PatternTree[] = random.once(3) ? [{ is: 'start' }] : [];
  const last: readonly PatternTree[] = random.once(3) ? [{ is: 'end' }] : [];
  return { is: 'sequence', parts: [...first, ...parts, ...last] };
}
