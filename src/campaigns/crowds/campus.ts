import { drawName } from '../people/draw-mail.js';
import { drawPerson } from '../people/draw-person.js';
import type { Random } from '../random.js';
import { spreadTimes } from '../rhythm.js';
import { countryByCode } from '../world/countries.js';
import { exitOf } from '../world/network.js';
import { campuses } from '../world/shared-networks.js';
import { type Crowd, type Group, groupSizes, honest, type Span } from './crowd.js';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** A class signs up during the lecture: one egress, student mail, own laptops. */
export const campus: Crowd = {
  name: 'campus',
  doc: 'Classes of 20 to 150 students who sign up within the hour behind one egress, with student mail.',
  share: 0.03,
  *groups(size, span, random) {
    let number = 0;
    for (const students of groupSizes(size, [20, 150], random)) yield studentsOf(students, span, random.fork(number++));
  },
};

/** Student numbers at some universities, names at others. */
const mailboxes = [
  (given: string, family: string) => `${given}.${family}`,
  (given: string, family: string, random: Random) => `${given[0]}${family}${random.whole(1, 9)}`,
  (given: string, family: string, random: Random) => random.fill(`${given[0]}${family[0]}######`),
  (_: string, __: string, random: Random) => random.fill('20%#######'),
];

function* studentsOf(count: number, span: Span, random: Random): Group & Generator {
  const { country: code, domain, network } = random.pick(campuses);
  const country = countryByCode(code);
  const egress = random.int(200);
  const mailbox = random.pick(mailboxes);
  const day = Math.floor(random.between(span.from, span.until - dayMs) / dayMs) * dayMs;
  const from = day + random.whole(9, 16) * hourMs - country.offsetH * hourMs;
  const arrive = honest('campus', `class-${random.fill('****')}`);
  const begin = Math.max(from, span.from);
  for (const at of spreadTimes(count, { from: begin, until: begin + hourMs, shape: () => 2 }, random)) {
    const own = random.fork(at);
    const person = drawPerson({ at, country, addressAt: () => exitOf(network, egress) }, own);
    const { given, family } = drawName(own.weighted(country.cultures), own);
    const address = `${mailbox(given, family, own)}@${domain}`;
    const account = { ...person.account, path: own.chance(0.6) ? 'education' : 'standard', plan: 'api-free' };
    yield arrive({ at, planned: { ...person, account, email: { address, verified: true } }, random: own });
  }
}
