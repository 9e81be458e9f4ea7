import type { RuleDeclaration, RuleTest } from '../ruleset/rule-declaration.js';
import { rulesNamed } from '../sequences/read-expectations.js';
import type { SequenceTest } from '../sequences/sequence-test.js';
import type { ParsedArguments } from './command-arguments.js';

export const selectionOptions = {
  rule: { type: 'string' },
  file: { type: 'string' },
  name: { type: 'string' },
} as const;

/** Which tests are run. */
export interface Selection {
  /** The rule that alone is asked about: coverage is shown of no other. */
  readonly rule: string | undefined;
  /** Something was asked for by file or name: where no test is meant, it was written wrongly. */
  readonly isByName: boolean;
  inline(test: RuleTest, declaration: RuleDeclaration): boolean;
  sequence(test: SequenceTest): boolean;
}

export function readSelection(args: ParsedArguments): Selection {
  const [rule, file, name] = [args.text('rule'), args.text('file'), args.text('name')];
  const isMeant = (test: { readonly name: string }, path: string): boolean =>
    (name === undefined || test.name.includes(name)) && (file === undefined || endsWith(path, file));
  return {
    rule,
    isByName: file !== undefined || name !== undefined,
    inline: (test, { info }) => isMeant(test, info.file) && (rule === undefined || info.id === rule),
    sequence: (test) =>
      isMeant(test, test.at.file.path) && (rule === undefined || rulesNamed(test.expectations).has(rule)),
  };
}

/** The path as the author sees it may begin further out than the rules directory. */
const endsWith = (path: string, asked: string): boolean => path.endsWith(asked) || asked.endsWith(`/${path}`);
