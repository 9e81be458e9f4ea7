import { drawPerson } from '../people/draw-person.js';
import { activity } from '../rhythm.js';
import { countryWeights } from '../world/countries.js';
import { addressIn } from '../world/network.js';
import { gatherings, somewhereIn } from './gathering.js';

const dayMs = 86_400_000;

/** People from everywhere behind the wireless network of one hall. */
export const conference = gatherings({
  name: 'conference',
  doc: 'Conferences of 60 to 600 over two days: a handful of addresses, devices and cards of many countries.',
  share: 0.02,
  sizes: [60, 600],
  open({ span, random }) {
    const host = random.weighted(countryWeights);
    const line = random.pick(host.home);
    const hall = Array.from({ length: random.whole(1, 4) }, () => addressIn(line, random));
    return {
      ...somewhereIn(span, 2 * dayMs, random),
      shape: (at) => activity(at, host.offsetH),
      member(at, draw) {
        const country = draw.chance(0.5) ? host : draw.weighted(countryWeights);
        return drawPerson({ at, country, addressAt: (event) => event.pick(hall) }, draw);
      },
    };
  },
});
