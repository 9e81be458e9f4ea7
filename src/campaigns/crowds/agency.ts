import { homeLine } from '../people/draw-address.js';
import { drawCard } from '../people/draw-card.js';
import { atAnotherForm, drawDevice } from '../people/draw-device.js';
import { drawCompany, drawName, workMailbox } from '../people/draw-mail.js';
import { drawPerson } from '../people/draw-person.js';
import type { Random } from '../random.js';
import { activity, spreadTimes } from '../rhythm.js';
import { countryWeights } from '../world/countries.js';
import { type Crowd, type Group, groupSizes, honest, type Span } from './crowd.js';

const dayMs = 86_400_000;

/** One person opens an account for every client, on one machine and one card. */
export const agency: Crowd = {
  name: 'agency',
  doc: "Agencies that open 3 to 40 accounts on one device and one card, with their clients' mail domains or their own.",
  share: 0.012,
  *groups(size, span, random) {
    let number = 0;
    for (const clients of groupSizes(size, [3, 40], random)) yield clientsOf(clients, span, random.fork(number++));
  },
};

function* clientsOf(count: number, span: Span, random: Random): Group & Generator {
  const country = random.weighted(countryWeights);
  const office = homeLine(country, random);
  const machine = drawDevice({ at: span.from, country }, random);
  const card = drawCard(country.code, random);
  const own = drawCompany(country, random);
  const usesOwnMail = random.chance(0.5);
  const days = random.logBetween(2, 30);
  const from = random.between(span.from, Math.max(span.from, span.until - days * dayMs));
  const until = Math.min(span.until, from + days * dayMs);
  const arrive = honest('agency', `agency-${random.fill('****')}`);
  for (const at of spreadTimes(count, { from, until, shape: (time) => activity(time, country.offsetH) }, random)) {
    const draw = random.fork(at);
    const device = atAnotherForm(machine, draw);
    const person = drawPerson({ at, country, device, addressAt: office }, draw);
    const client = usesOwnMail ? own : drawCompany(country, draw);
    const mailbox = usesOwnMail ? `clients+${draw.fill('****')}` : workMailbox(drawName('english', draw), 0, draw);
    const email = { address: `${mailbox}@${client.domain}`, verified: true };
    const account = { ...person.account, organization: client.name, path: 'standard', plan: 'api-paid' };
    yield arrive({
      at,
      planned: { ...person, account, email, payment: card, paysAtSignup: draw.chance(0.7) },
      random: draw,
    });
  }
}
