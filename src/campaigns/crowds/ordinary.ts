import { drawPerson } from '../people/draw-person.js';
import type { Random } from '../random.js';
import { activity, poissonTimes } from '../rhythm.js';
import { countries } from '../world/countries.js';
import { type Crowd, type Group, honest, type Span } from './crowd.js';

const dayMs = 86_400_000;
const allWeights = countries.reduce((sum, { weight }) => sum + weight, 0);

/** People of each country, awake at their own hours. */
export const ordinary: Crowd = {
  name: 'ordinary',
  doc: 'People of many countries, at home or on a phone, with a card and a machine of their own.',
  share: 0.545,
  groups: (size, span, random) =>
    countries.map((country): Group => {
      const perDay = ((size * country.weight) / allWeights / (span.until - span.from)) * dayMs;
      return peopleOf({ country, perDay, span }, random.fork(country.code));
    }),
};

type People = { country: (typeof countries)[number]; perDay: number; span: Span };

function* peopleOf({ country, perDay, span }: People, random: Random): Group & Generator {
  const arrive = honest('ordinary');
  const shape = (at: number): number => activity(at, country.offsetH);
  let number = 0;
  for (const at of poissonTimes({ ...span, perDay, shape }, random)) {
    const own = random.fork(number++);
    yield arrive({ at, planned: drawPerson({ at, country }, own), random: own });
  }
}
