import { drawName } from '../people/draw-mail.js';
import { drawPerson } from '../people/draw-person.js';
import type { Random } from '../random.js';
import { countryByCode } from '../world/countries.js';
import { exitOf } from '../world/network.js';
import { campuses } from '../world/shared-networks.js';
import { gatherings, onSomeDay } from './gathering.js';

type Mailbox = (given: string, family: string, random: Random) => string;

/** Student numbers at some universities, names at others. */
const mailboxes: readonly Mailbox[] = [
  (given, family) => `${given}.${family}`,
  (given, family, random) => `${given[0]}${family}${random.whole(1, 9)}`,
  (given, family, random) => random.fill(`${given[0]}${family[0]}######`),
  (_, __, random) => random.fill('20%#######'),
];

/** One university: its mail, and its egress. */
export function drawCampus(random: Random) {
  const { country: code, domain, network } = random.pick(campuses);
  const country = countryByCode(code);
  const mailbox = random.pick(mailboxes);
  const egress = random.int(200);
  return {
    country,
    addressAt: () => exitOf(network, egress),
    mail: (draw: Random): string => {
      const { given, family } = drawName(draw.weighted(country.cultures), draw);
      return `${mailbox(given, family, draw)}@${domain}`;
    },
  };
}

/** A class signs up during the lecture: one egress, student mail, own laptops. */
export const campus = gatherings({
  name: 'campus',
  doc: 'Classes of 20 to 150 students who sign up within the hour behind one egress, with student mail and own laptops.',
  share: 0.03,
  sizes: [20, 150],
  open({ span, random }) {
    const { country, addressAt, mail } = drawCampus(random);
    const lecture = onSomeDay(span, { first: random.whole(9, 16), hours: 1, offsetH: country.offsetH }, random);
    return {
      ...lecture,
      member(at, draw) {
        const person = drawPerson({ at, country, addressAt }, draw);
        const account = { ...person.account, path: draw.chance(0.6) ? 'education' : 'standard', plan: 'api-free' };
        return { ...person, account, email: { address: mail(draw), verified: true } };
      },
    };
  },
});
