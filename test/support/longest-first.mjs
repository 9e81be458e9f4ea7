import Sequencer from '@jest/test-sequencer';

/** Suites that start servers and browsers take longest; what is left at the end should be short, so that no core waits. */
const folders = ['browser', 'fault', 'service', 'golden', 'contract', 'property', 'unit'];
const longest = 'docs-snippets';

const rankOf = ({ path }) =>
  path.includes(longest) ? -1 : folders.findIndex((folder) => path.includes(`/test/${folder}/`));

/** By folder; within one as jest does it, by the time that they took before or else by their size. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const usual = await super.sort(tests);
    return usual
      .map((test, place) => ({ test, place }))
      .sort(compare)
      .map(({ test }) => test);
  }
}

const compare = (a, b) => rankOf(a.test) - rankOf(b.test) || a.place - b.place;
