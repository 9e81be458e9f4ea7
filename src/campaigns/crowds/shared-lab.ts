import { atAnotherForm, drawDevice } from '../people/draw-device.js';
import { drawPerson } from '../people/draw-person.js';
import { activity } from '../rhythm.js';
import { drawCampus } from './campus.js';
import { gatherings, somewhereIn } from './gathering.js';

const weekMs = 7 * 86_400_000;

/** Students without a laptop: the room's machines are clones, and several people use each. */
export const sharedLab = gatherings({
  name: 'shared-lab',
  doc: 'Students at 5 to 20 cloned machines of a computer room, over a week, behind the campus egress.',
  share: 0.008,
  sizes: [10, 60],
  open({ span, random }) {
    const { country, addressAt, mail } = drawCampus(random);
    const image = drawDevice(
      {
        at: span.from,
        country,
        kinds: [
          ['windows-chrome', 3],
          ['linux-firefox', 1],
        ],
      },
      random,
    );
    const machines = Array.from({ length: random.whole(5, 20) }, () => random.fill('fp_~~~~~~~~x~~~~~~~~'));
    return {
      ...somewhereIn(span, weekMs, random),
      shape: (at) => activity(at, country.offsetH),
      member(at, draw) {
        const clone = { ...image, device: { ...image.device, fingerprint: draw.pick(machines) } };
        const person = drawPerson({ at, country, addressAt, device: atAnotherForm(clone, draw) }, draw);
        const account = { ...person.account, path: 'education', plan: 'api-free' };
        return { ...person, account, payment: undefined, email: { address: mail(draw), verified: true } };
      },
    };
  },
});
