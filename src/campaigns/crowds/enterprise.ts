import { sharedExit } from '../people/draw-address.js';
import { drawCompany, drawName, workMailbox } from '../people/draw-mail.js';
import { accountId, drawPerson } from '../people/draw-person.js';
import { countryWeights } from '../world/countries.js';
import { addressIn } from '../world/network.js';
import { hosting, runners } from '../world/shared-networks.js';
import { gatherings, onSomeDay, somewhereIn } from './gathering.js';
import { managedLaptops } from './office.js';

/** A company's people all get an account on one morning. */
export const enterprise = gatherings({
  name: 'enterprise',
  doc: 'One organization with single sign-on: up to 500 accounts in an hour, managed laptops, two egresses, no cards.',
  share: 0.03,
  sizes: [120, 500],
  open({ span, random }) {
    const country = random.weighted(countryWeights);
    const egresses = [addressIn(random.pick(country.home), random), sharedExit(hosting, 50, random)];
    const company = drawCompany(country, random);
    const laptop = managedLaptops(span.from, country, random);
    return {
      ...onSomeDay(span, { first: 9, hours: 1, offsetH: country.offsetH }, random),
      member(at, draw) {
        const person = drawPerson(
          { at, country, device: laptop(draw), addressAt: (event) => event.pick(egresses) },
          draw,
        );
        const name = drawName(draw.weighted(country.cultures), draw);
        const email = { address: `${workMailbox(name, 0, draw)}@${company.domain}`, verified: true };
        const account = {
          plan: 'enterprise',
          path: 'standard',
          organization: company.name,
          declared_country: country.code,
        };
        return { ...person, account, email, phone: undefined, payment: undefined };
      },
    };
  },
});

const hourMs = 3_600_000;

/** Accounts that programs use: many keys, from addresses of build machines. */
export const ciRunners = gatherings({
  name: 'ci-runners',
  doc: 'Teams whose builds use the API: 1 to 4 accounts, 5 to 30 keys each, hosting addresses, one prompt template.',
  share: 0.004,
  sizes: [1, 4],
  open({ span, random }) {
    const country = random.weighted(countryWeights);
    const company = drawCompany(country, random);
    const template = random.fill('h_~~~~~~~~');
    return {
      ...somewhereIn(span, 48 * hourMs, random),
      member(at, draw) {
        const person = drawPerson({ at, country, addressAt: (event) => addressIn(event.pick(runners), event) }, draw);
        const keys = Array.from({ length: draw.whole(5, 30) }, () => draw.between(0.02, 40) * hourMs).sort(
          (a, b) => a - b,
        );
        const habits = {
          ...person.habits,
          keysAfterMs: keys,
          useAfterMs: (keys[0] ?? hourMs) + hourMs,
          exchangesPerDay: Math.round(draw.logNormal(300, 0.8)),
          days: 20,
          promptTemplate: template,
          distinctIps: draw.whole(5, 40),
        };
        const email = {
          address: `${draw.pick(['ci', 'dev', 'build', 'bots'])}${draw.int(100)}@${company.domain}`,
          verified: true,
        };
        const account = { ...person.account, organization: company.name, path: 'standard', plan: 'api-paid' };
        return { ...person, id: accountId(draw), account, email, habits };
      },
    };
  },
});
