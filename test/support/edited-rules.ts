import { complete } from '../../src/authoring/complete.js';
import type { Completion } from '../../src/authoring/completion.js';
import { findDefinition, findReferences } from '../../src/authoring/find-name.js';
import { hover } from '../../src/authoring/hover.js';
import { RuleIndex } from '../../src/authoring/rule-index.js';
import { marked } from './marked.js';
import { rightRules } from './rule-files.js';

const burned = '# source: our own\n# date: 2026-11-21\nburned-1\nburned-2\n';

const others: Readonly<Record<string, string>> = {
  'rules.yml': rightRules,
  'bursts.yml': 'features:\n  template_burst: { burst: signup, by: [device.template], window: 24h, baseline: 21d }\n',
  'lists/burned.txt': burned,
};

/** A file (`edited.yml` unless it says otherwise) that is being written beside a small rule set that is right. */
export function edit(text: string, path = 'edited.yml') {
  const { text: whole, offset } = marked(text);
  const without = RuleIndex.of(new Map(Object.entries(others)));
  const index = RuleIndex.of(new Map([...Object.entries(others), [path, whole]]), without);
  const shown = ({ path: file, start, end }: { path: string; start: number; end: number }): string =>
    `${file}: ${(index.files.get(file)?.file.text ?? '').slice(start, end)}`;
  return {
    index,
    offset,
    completions: () => complete({ path, text: whole, offset }, index),
    labels: () => complete({ path, text: whole, offset }, index).items.map(({ label }) => label),
    /** The text when this completion has been chosen, without its places to fill in. */
    chosen: (label: string): string => {
      const { start, end, items } = complete({ path, text: whole, offset }, index);
      const item = items.find((one) => one.label === label);
      return item === undefined ? `no ${label}` : whole.slice(0, start) + inserted(item) + whole.slice(end);
    },
    hover: () => hover(path, offset, index)?.markdown,
    hovered: () => {
      const found = hover(path, offset, index);
      return found === undefined ? undefined : whole.slice(found.start, found.end);
    },
    definition: () => {
      const found = findDefinition(path, offset, index);
      return found === undefined ? undefined : shown(found);
    },
    references: () => findReferences(path, offset, index).map(shown),
  };
}

const inserted = ({ insert, label }: Completion): string => (insert ?? label).replace(/\$\{\d+:([^}]*)\}/g, '$1');
