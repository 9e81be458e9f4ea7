import { SourceFile } from '../yaml/source-file.js';
import type { Lint } from './lint.js';

/**
 * Lists that the engine itself reads, to tell what kind of network or mailbox it is (contract, section 5): no rule
 * needs to name them.
 */
const builtIn: ReadonlySet<string> = new Set([
  'vpn',
  'public_proxy',
  'residential_proxy',
  'tor',
  'hosting',
  'hosting_asns',
  'relay',
  'shared_network',
  'free_mail',
  'disposable_domains',
  'relay_mail',
]);

const headOf = (path: string, text: string) => ({ file: new SourceFile(path, text.slice(0, 200)), start: 0, end: 1 });

const unreadList: Lint = ({ ruleSet, links, listFiles }, sink) => {
  const read = new Set([
    ...links.flatMap(({ when }) => when?.lists ?? []),
    ...ruleSet.declarations.flatMap(({ when, points, exceptions }) =>
      [when, points, ...exceptions.map((exception) => exception.when)].flatMap(({ lists }) => lists),
    ),
  ]);
  for (const [path, text] of listFiles) {
    const name = path.slice('lists/'.length, -'.txt'.length);
    if (!read.has(name) && !builtIn.has(name)) sink.warn('W003', headOf(path, text), `no rule reads 'lists.${name}'`);
  }
};

const withoutProvenance: Lint = ({ ruleSet, listFiles }, sink) => {
  for (const { name, source, date } of ruleSet.lists.values()) {
    const missing = [source === '' ? '# source:' : '', date === '' ? '# date:' : ''].filter((line) => line !== '');
    const path = `lists/${name}.txt`;
    if (missing.length > 0)
      sink.warn('W015', headOf(path, listFiles.get(path) ?? ''), `the list has no ${missing.join(' and no ')} line`);
  }
};

export const listLints: readonly Lint[] = [unreadList, withoutProvenance];
