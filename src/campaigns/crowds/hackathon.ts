import { drawPerson } from '../people/draw-person.js';
import { countryWeights } from '../world/countries.js';
import { addressIn } from '../world/network.js';
import { gatherings, onSomeDay } from './gathering.js';

const minuteMs = 60_000;

/** A weekend of building with one starter kit: quick keys, hardly any cards, heavy use at once. */
export const hackathon = gatherings({
  name: 'hackathon',
  doc: 'Hackathons of 40 to 400: one or two addresses, a key within minutes, one starter kit (prompt template), no cards.',
  share: 0.02,
  sizes: [40, 400],
  open({ span, random }) {
    const country = random.weighted(countryWeights);
    const line = random.pick(country.home);
    const venue = Array.from({ length: random.whole(1, 2) }, () => addressIn(line, random));
    const kit = random.fill('h_~~~~~~~~');
    const begin = onSomeDay(span, { first: 17, hours: 30, offsetH: country.offsetH }, random);
    return {
      ...begin,
      shape: (at) => (at - begin.from < 5 * 3_600_000 ? 2 : 0.15),
      member(at, draw) {
        const person = drawPerson({ at, country, addressAt: (event) => event.pick(venue) }, draw);
        const key = draw.logNormal(5 * minuteMs, 0.8);
        const usesKit = draw.chance(0.4);
        const habits = {
          ...person.habits,
          keysAfterMs: [key],
          useAfterMs: key + draw.logNormal(30 * minuteMs, 0.7),
          exchangesPerDay: Math.round(draw.logNormal(120, 0.9)),
          days: 2,
          rampH: 1,
          promptTemplate: usesKit ? kit : person.habits.promptTemplate,
        };
        const path = draw.chance(0.5) ? 'startup' : 'standard';
        const account = { ...person.account, path, referrer: 'hackathon', plan: 'api-free' };
        return { ...person, account, habits, payment: draw.chance(0.1) ? person.payment : undefined };
      },
    };
  },
});
