import { homeLine } from '../people/draw-address.js';
import { drawCard } from '../people/draw-card.js';
import { atAnotherForm, drawDevice } from '../people/draw-device.js';
import { type Company, drawCompany, drawName, workMailbox } from '../people/draw-mail.js';
import { drawPerson } from '../people/draw-person.js';
import type { Random } from '../random.js';
import { activity } from '../rhythm.js';
import { countryWeights } from '../world/countries.js';
import { gatherings, somewhereIn } from './gathering.js';

const dayMs = 86_400_000;

const clientMailbox = (isOwn: boolean, random: Random): string =>
  isOwn ? `clients+${random.fill('****')}` : workMailbox(drawName('english', random), 0, random);

/** One person opens an account for every client, on one machine and one card. */
export const agency = gatherings({
  name: 'agency',
  doc: "Agencies that open 3 to 40 accounts on one device and one card, with their clients' mail domains or their own.",
  share: 0.01,
  sizes: [3, 40],
  open({ span, random }) {
    const country = random.weighted(countryWeights);
    const addressAt = homeLine(country, random);
    const machine = drawDevice({ at: span.from, country }, random);
    const card = drawCard(country.code, random);
    const own: Company | undefined = random.chance(0.5) ? drawCompany(country, random) : undefined;
    return {
      ...somewhereIn(span, random.logBetween(2, 30) * dayMs, random),
      shape: (at) => activity(at, country.offsetH),
      member(at, draw) {
        const person = drawPerson({ at, country, device: atAnotherForm(machine, draw), addressAt }, draw);
        const client = own ?? drawCompany(country, draw);
        const email = { address: `${clientMailbox(own !== undefined, draw)}@${client.domain}`, verified: true };
        const account = { ...person.account, organization: client.name, path: 'standard', plan: 'api-paid' };
        return { ...person, account, email, payment: card, paysAtSignup: draw.chance(0.7) };
      },
    };
  },
});

/** Customers sign up themselves; the reseller's card pays for all of them. */
export const reseller = gatherings({
  name: 'reseller',
  doc: 'Resellers: 10 to 80 customers with machines, lines and domains of their own, all paid with one card.',
  share: 0.008,
  sizes: [10, 80],
  open({ span, random }) {
    const country = random.weighted(countryWeights);
    const card = drawCard(country.code, random);
    return {
      ...somewhereIn(span, random.logBetween(5, 40) * dayMs, random),
      shape: (at) => activity(at, country.offsetH),
      member(at, draw) {
        const person = drawPerson({ at, country }, draw);
        const customer = drawCompany(country, draw);
        const address = `${workMailbox(drawName(draw.weighted(country.cultures), draw), 0, draw)}@${customer.domain}`;
        const account = { ...person.account, organization: customer.name, path: 'standard', plan: 'api-paid' };
        return { ...person, account, email: { address, verified: true }, payment: card, paysAtSignup: true };
      },
    };
  },
});

/** Somebody who opens a second account: for work, after a lost password, to try again. */
export const secondAccount = gatherings({
  name: 'second-account',
  doc: 'One person with 2 or 3 accounts: the same machine and line, often the same card, another mailbox.',
  share: 0.02,
  sizes: [2, 3],
  open({ span, random }) {
    const country = random.weighted(countryWeights);
    const addressAt = homeLine(country, random);
    const card = drawCard(country.code, random);
    const machine = drawDevice({ at: span.from, country }, random);
    return {
      ...somewhereIn(span, random.logBetween(0.02, 15) * dayMs, random),
      shape: (at) => activity(at, country.offsetH),
      member(at, draw) {
        const person = drawPerson({ at, country, device: atAnotherForm(machine, draw), addressAt }, draw);
        const keeps = person.payment !== undefined && draw.chance(0.7);
        return keeps ? { ...person, payment: card } : person;
      },
    };
  },
});

/** Parents and children, each with a machine, on one line and one card. */
export const family = gatherings({
  name: 'family',
  doc: 'Families of 2 to 5 on one line and one card, often on a shared machine.',
  share: 0.015,
  sizes: [2, 5],
  open({ span, random }) {
    const country = random.weighted(countryWeights);
    const addressAt = homeLine(country, random);
    const card = drawCard(country.code, random);
    const shared = drawDevice({ at: span.from, country }, random);
    const surname = drawName(random.weighted(country.cultures), random).family;
    return {
      ...somewhereIn(span, random.logBetween(0.05, 10) * dayMs, random),
      shape: (at) => activity(at, country.offsetH),
      member(at, draw) {
        const device = draw.chance(0.4) ? atAnotherForm(shared, draw) : undefined;
        const person = drawPerson({ at, country, device, addressAt }, draw);
        const { given } = drawName(draw.weighted(country.cultures), draw);
        const address = `${given}.${surname}${draw.chance(0.4) ? draw.int(100) : ''}@${draw.weighted(country.mail)}`;
        return {
          ...person,
          email: { address, verified: true },
          payment: person.payment === undefined ? undefined : card,
        };
      },
    };
  },
});
