import { yamlLanguage } from '@codemirror/lang-yaml';
import { RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet } from '@codemirror/view';

/** Parts of YAML that are told apart, and the class of each; their colours are the theme's. */
const classes: Readonly<Record<string, string>> = {
  Comment: 'yaml-comment',
  Key: 'yaml-key',
  QuotedLiteral: 'yaml-text',
  BlockLiteral: 'yaml-text',
};
const marks = new Map(Object.entries(classes).map(([part, name]) => [part, Decoration.mark({ class: name })]));

/** The whole text is parsed: rule files are small, and a list is not YAML. */
export function yamlMarks(text: string): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  yamlLanguage.parser.parse(text).iterate({
    enter({ name, from, to }) {
      const mark = marks.get(name);
      if (mark === undefined || from === to) return true;
      builder.add(from, to, mark);
      return false;
    },
  });
  return builder.finish();
}
