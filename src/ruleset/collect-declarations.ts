import { finishSteps, type Steps } from '../model/steps.js';
import { ProblemSink } from './problem-sink.js';
import { didYouMean } from './yaml/read-fields.js';
import { readYaml } from './yaml/read-yaml.js';
import { SourceFile } from './yaml/source-file.js';
import { describeNode, type YamlEntry, type YamlNode, type YamlScalar } from './yaml/yaml-node.js';

const topLevelKeys = ['version', 'features', 'links', 'predicates', 'rules', 'policy', 'reasons'] as const;

/** What the YAML files declare, not yet checked. */
export interface Declarations {
  readonly features: readonly YamlEntry[];
  readonly links: readonly YamlEntry[];
  readonly predicates: readonly YamlEntry[];
  readonly reasons: readonly YamlEntry[];
  readonly rules: readonly YamlNode[];
  readonly policy: YamlNode | undefined;
  readonly version: YamlNode | undefined;
}

interface Section {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

/** A file that was read, and what was wrong with it: the same text need not be read twice. */
export interface ReadFile {
  readonly text: string;
  readonly sections: readonly Section[];
  readonly problems: ProblemSink;
}

export type ReadFiles = ReadonlyMap<string, ReadFile>;

/** Reads the files that differ from those `earlier`; the others are taken from there, with their nodes. */
export function* readFiles(files: ReadonlyMap<string, string>, earlier: ReadFiles): Steps<ReadFiles> {
  const read = new Map<string, ReadFile>();
  for (const [path, text] of files) {
    const before = earlier.get(path);
    read.set(path, before?.text === text ? before : readFile(path, text));
    yield;
  }
  return read;
}

function readFile(path: string, text: string): ReadFile {
  const problems = new ProblemSink();
  return { text, sections: readSections(new SourceFile(path, text), problems), problems };
}

/** What all files declare, read at once. */
export const collectDeclarations = (files: ReadonlyMap<string, string>, sink: ProblemSink): Declarations =>
  joinFiles(finishSteps(readFiles(files, new Map())), sink);

/** Files of one rule set are one: a name is declared once, `policy` and `version` once. */
export function joinFiles(files: ReadFiles, sink: ProblemSink): Declarations {
  for (const { problems } of files.values()) sink.take(problems);
  const sections = [...files.values()].flatMap((file) => file.sections);
  const named = (name: string): Section[] => sections.filter(({ key }) => key.text === name);
  return {
    features: named('features').flatMap((section) => entriesOf(section, sink)),
    links: named('links').flatMap((section) => entriesOf(section, sink)),
    predicates: named('predicates').flatMap((section) => entriesOf(section, sink)),
    reasons: named('reasons').flatMap((section) => entriesOf(section, sink)),
    rules: named('rules').flatMap((section) => itemsOf(section, sink)),
    policy: single(named('policy'), sink),
    version: single(named('version'), sink),
  };
}

function readSections(file: SourceFile, sink: ProblemSink): Section[] {
  const root = readYaml(file, sink);
  if (root === undefined) return [];
  const known: readonly string[] = topLevelKeys;
  return [...root.entries.values()].filter(({ key }) => {
    if (known.includes(key.text)) return true;
    sink.error('E010', key, `unknown key '${key.text}' in a rules file`, {
      hint: didYouMean(key.text, known) ?? `one of ${known.join(', ')}`,
    });
    return false;
  });
}

const isNothing = (node: YamlNode): boolean => node.kind === 'scalar' && node.value === null;

function entriesOf({ key, value }: Section, sink: ProblemSink): readonly YamlEntry[] {
  if (value.kind === 'map') return [...value.entries.values()];
  if (!isNothing(value))
    sink.error('E012', value, `expected '${key.text}' as a map of names, not ${describeNode(value)}`);
  return [];
}

function itemsOf({ key, value }: Section, sink: ProblemSink): readonly YamlNode[] {
  if (value.kind === 'list') return value.items;
  if (!isNothing(value))
    sink.error('E012', value, `expected '${key.text}' as a list, not ${describeNode(value)}`, {
      hint: 'begin each rule with a dash: - id: …',
    });
  return [];
}

function single(sections: readonly Section[], sink: ProblemSink): YamlNode | undefined {
  const [first, ...others] = sections;
  if (first === undefined) return undefined;
  const { file } = first.key;
  for (const { key } of others)
    sink.error(
      'E021',
      key,
      `'${key.text}' stands once in a rule set; first in ${file.path}:${file.place(first.key).line}`,
    );
  return first.value;
}
