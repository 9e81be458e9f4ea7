import Sequencer from '@jest/test-sequencer';

/**
 * Suites that start servers and browsers take longest; what is left at the end should be short, so that no core waits. Folders
 * of one row are mixed: some keep a core busy (browsers, an embedded database), others mostly wait for what they have started.
 */
const rows = [
  ['browser', 'fault'],
  ['service', 'golden', 'contract'],
  ['property', 'unit'],
];
const longest = 'docs-snippets';

const folderOf = ({ path }) => rows.flat().find((folder) => path.includes(`/test/${folder}/`));
const rowOf = (test) =>
  test.path.includes(longest) ? -1 : rows.findIndex((folders) => folders.includes(folderOf(test)));

/** By row, each folder spread over all of its row; within a folder as jest does it, by the time before or else by size. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const usual = await super.sort(tests);
    const placeOf = (test) => {
      const folder = usual.filter((other) => folderOf(other) === folderOf(test));
      return { test, row: rowOf(test), share: folder.indexOf(test) / folder.length };
    };
    return usual
      .map(placeOf)
      .sort((a, b) => a.row - b.row || a.share - b.share)
      .map(({ test }) => test);
  }
}
