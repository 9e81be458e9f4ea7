import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DocsBlock } from './docs-blocks.js';
import { projectRoot } from './service.js';

/** What the keys of a rule stand in where a page shows only some of them. */
const aroundKeys = `features:
  accounts_per_card_90d: { distinct: account.id, by: [payment.fingerprint], window: 90d, on: [signup] }
rules:
  - id: example
    family: payment
    on: [signup]
    when: accounts_per_card_90d >= 3
    points: 40
    reason: payment.reused
    owner: abuse-team
`;

/** A whole file, also where only a rule of it, or keys of a rule, are shown: their indentation tells which. */
function wholeFile(text: string): string {
  if (text.startsWith('    ')) return `${aroundKeys}${text}`;
  return text.startsWith('  - ') ? `rules:\n${text}` : text;
}

/** Reason codes by name, as lines: each stands on one. */
function reasonsIn(text: string): Map<string, string> {
  const [, lines = ''] = /^reasons:\n((?: {2}.*\n)+)/m.exec(text) ?? [];
  return new Map([...lines.matchAll(/^ {2}([a-z_.]+):.*$/gm)].map(([line, name = '']) => [name, line]));
}

const textsIn = (folder: string, ending: string): [string, string][] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith(ending))
        .map((path) => [path, readFileSync(join(folder, path), 'utf8')])
    : [];

/** A block as a rule set: with the lists and reason codes of the default rules and of the page's own examples. */
export function ruleFilesFor({ page, text }: DocsBlock): ReadonlyMap<string, string> {
  const file = wholeFile(text);
  const examples = join(projectRoot, 'docs/examples', basename(page, '.md'));
  const texts = [
    readFileSync(join(projectRoot, 'rules/reasons.yml'), 'utf8'),
    ...textsIn(examples, '.yml').map(([, one]) => one),
  ];
  const reasons = new Map(texts.flatMap((one) => [...reasonsIn(one)]));
  for (const name of reasonsIn(file).keys()) reasons.delete(name);
  return new Map([
    ...textsIn(join(projectRoot, 'rules/lists'), '.txt').map(([path, one]): [string, string] => [`lists/${path}`, one]),
    ...textsIn(join(examples, 'lists'), '.txt').map(([path, one]): [string, string] => [`lists/${path}`, one]),
    ['reasons.yml', `reasons:\n${[...reasons.values()].join('\n')}\n`],
    ['example.yml', file],
  ]);
}
