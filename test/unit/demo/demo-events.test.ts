import { expect, it } from '@jest/globals';
import { plantedRings } from '../../../src/demo/demo-events.js';

it('rings of a demo sign up on one machine each, which is never an iPhone: nobody is joined by those', () => {
  const rings = Array.from({ length: 60 }, (_, seed) => plantedRings(`seed ${seed}`)).flat();
  const machines = rings.map(({ signups }) => [...new Set(signups.map(({ user_agent: agent }) => agent))]);
  for (const agents of machines) expect(agents).toEqual([expect.not.stringContaining('iPhone')]);
});
