import { sharedExit } from '../people/draw-address.js';
import { relayMail } from '../people/draw-mail.js';
import { drawPerson } from '../people/draw-person.js';
import type { Random } from '../random.js';
import { activity } from '../rhythm.js';
import { countryWeights } from '../world/countries.js';
import { relayExits, vpnExits } from '../world/shared-networks.js';
import { gatherings } from './gathering.js';

const shape = (at: number): number => activity(at, -3);
/** One group of all sizes: these people have nothing to do with each other. */
const strangers: readonly [number, number] = [1e9, 1e9];

/** An exit that an app keeps for some days. */
const keptExit = (exit: string) => () => exit;

export const vpnUsers = gatherings({
  name: 'vpn-users',
  doc: 'People with an ordinary machine, card and mail who use a commercial VPN, often in another country.',
  share: 0.035,
  sizes: strangers,
  open: ({ span }) => ({
    ...span,
    shape,
    member: (at, draw) => drawPerson({ at, addressAt: keptExit(sharedExit(vpnExits, 300, draw)) }, draw),
  }),
});

export const relayUsers = gatherings({
  name: 'relay-users',
  doc: "Users of a phone maker's privacy relay, many with relayed mail; thousands share an exit.",
  share: 0.03,
  sizes: strangers,
  open: ({ span }) => ({
    ...span,
    shape,
    member(at, draw) {
      const addressAt = (event: Random) => sharedExit(relayExits, 120, event);
      const person = drawPerson(
        {
          at,
          addressAt,
          kinds: [
            ['iphone', 6],
            ['mac-safari', 4],
          ],
        },
        draw,
      );
      return draw.chance(0.4) ? { ...person, email: { address: relayMail(draw), verified: true } } : person;
    },
  }),
});

export const privacyBrowsers = gatherings({
  name: 'privacy-browsers',
  doc: 'Browsers that tell little: clock in UTC, one screen size, no renderer, no or a common fingerprint; some over a VPN.',
  share: 0.012,
  sizes: strangers,
  open: ({ span }) => ({
    ...span,
    shape,
    member(at, draw) {
      const country = draw.weighted(countryWeights);
      const addressAt = draw.chance(0.4) ? keptExit(sharedExit(vpnExits, 300, draw)) : undefined;
      const person = drawPerson(
        {
          at,
          country,
          addressAt,
          kinds: [
            ['windows-firefox', 3],
            ['linux-firefox', 2],
          ],
        },
        draw,
      );
      const { platform, ja4, form_ms } = person.device ?? {};
      const device = {
        platform,
        ja4,
        form_ms,
        timezone: 'UTC',
        languages: ['en-US', 'en'],
        screen: '1400x900',
        webdriver: false,
      };
      const address = draw.chance(0.3) ? relayMail(draw) : person.email?.address;
      const email = address === undefined ? undefined : { address, verified: true };
      return { ...person, device, acceptLanguage: 'en-US,en;q=0.5', email, phone: undefined };
    },
  }),
});

/** Everybody hears of a new model on one day. */
export const launchDay = gatherings({
  name: 'launch-day',
  doc: 'Ordinary people who all come on one day: about five times its usual volume (with 21 days and the usual shares).',
  share: 0.12,
  sizes: strangers,
  open({ span, random }) {
    const dayMs = 86_400_000;
    const from = span.from + Math.max(0, Math.floor((span.until - span.from) / dayMs / 3 + random.int(3)) * dayMs);
    return {
      from: Math.min(from, span.until - dayMs / 2),
      until: from + dayMs,
      member: (at, draw) => drawPerson({ at }, draw),
    };
  },
});

/** People whose things come from different countries. */
export const movers = gatherings({
  name: 'movers',
  doc: 'Movers and travellers: address here, card and phone there, clock and languages of either.',
  share: 0.02,
  sizes: strangers,
  open: ({ span }) => ({
    ...span,
    shape,
    member(at, draw) {
      const here = drawPerson({ at, country: draw.weighted(countryWeights) }, draw);
      const there = drawPerson({ at, country: draw.weighted(countryWeights) }, draw);
      const device = draw.chance(0.5) ? there : here;
      const account = { ...here.account, declared_country: (draw.chance(0.5) ? there : here).account.declared_country };
      const { payment, phone, email } = there;
      const machine = { device: device.device, userAgent: device.userAgent, acceptLanguage: device.acceptLanguage };
      return { ...here, ...machine, account, payment, phone, email };
    },
  }),
});
