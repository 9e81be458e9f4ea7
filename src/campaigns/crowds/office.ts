import { cardOf } from '../people/draw-card.js';
import { type Device, drawDevice, withOwnFingerprint } from '../people/draw-device.js';
import { drawCompany, drawName, workMailbox } from '../people/draw-mail.js';
import { drawPerson } from '../people/draw-person.js';
import type { Random } from '../random.js';
import { activity } from '../rhythm.js';
import { type Country, countryWeights } from '../world/countries.js';
import { cardProgrammes } from '../world/issuers.js';
import { addressIn } from '../world/network.js';
import { gatherings, somewhereIn } from './gathering.js';

const dayMs = 86_400_000;

/** Laptops that a company buys and updates: one to three models, each machine told apart by its fingerprint. */
export function managedLaptops(at: number, country: Country, random: Random): (draw: Random) => Device {
  const kinds = [
    random.pick([
      ['windows-edge', 1],
      ['windows-chrome', 1],
      ['mac-chrome', 1],
    ] as const),
  ];
  const models = Array.from({ length: random.whole(1, 3) }, () => drawDevice({ at, country, kinds }, random));
  return (draw) => withOwnFingerprint(draw.pick(models), draw);
}

/** Colleagues who try the service in one week. */
export const office = gatherings({
  name: 'office',
  doc: 'Colleagues (8 to 80 in a week) behind one egress, on managed laptops of few models; some with company cards of one range.',
  share: 0.02,
  sizes: [8, 80],
  open({ span, random }) {
    const country = random.weighted(countryWeights);
    const egress = addressIn(random.pick(country.home), random);
    const company = drawCompany(country, random);
    const laptop = managedLaptops(span.from, country, random);
    const style = random.int(4);
    const programme = random.chance(0.3) ? random.pick(cardProgrammes) : undefined;
    return {
      ...somewhereIn(span, 5 * dayMs, random),
      shape: (at) => activity(at, country.offsetH),
      member(at, draw) {
        const person = drawPerson({ at, country, device: laptop(draw), addressAt: () => egress }, draw);
        const name = drawName(draw.weighted(country.cultures), draw);
        const email = {
          address: `${workMailbox(name, style, draw)}${draw.chance(0.2) ? draw.int(10) : ''}@${company.domain}`,
          verified: true,
        };
        const account = { ...person.account, organization: company.name, path: 'standard' };
        const payment = programme !== undefined && draw.chance(0.5) ? cardOf(programme, draw) : person.payment;
        return { ...person, account, email, payment };
      },
    };
  },
});
