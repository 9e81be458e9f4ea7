import { drawPerson } from '../people/draw-person.js';
import { activity } from '../rhythm.js';
import { countryByCode } from '../world/countries.js';
import { exitOf } from '../world/network.js';
import { gatherings } from './gathering.js';

/** Where most people are online by phone only, behind few addresses of one carrier. */
const places = ['IN', 'IN', 'ID', 'NG', 'BR', 'PH', 'VN', 'EG', 'PK', 'MX'];

export const carrierNat = gatherings({
  name: 'carrier-nat',
  doc: 'Strangers with cheap phones behind 4 to 24 addresses of a mobile carrier, all the time.',
  share: 0.05,
  sizes: [100, 1500],
  open({ span, random }) {
    const country = countryByCode(random.pick(places));
    const carrier = random.pick(country.mobile);
    const exits = random.whole(4, 24);
    const first = random.int(4000);
    return {
      ...span,
      shape: (at) => activity(at, country.offsetH),
      member: (at, draw) =>
        drawPerson(
          {
            at,
            country,
            kinds: [
              ['android', 9],
              ['windows-chrome', 2],
            ],
            addressAt: (event) => exitOf(carrier, first + event.int(exits)),
          },
          draw,
        ),
    };
  },
});
