import { finishSteps, type Steps } from '../model/steps.js';
import { ProblemSink } from './problem-sink.js';
import { didYouMean, meantNames } from './yaml/other-words.js';
import { readYaml } from './yaml/read-yaml.js';
import { SourceFile } from './yaml/source-file.js';
import { describeNode, type YamlEntry, type YamlNode, type YamlScalar } from './yaml/yaml-node.js';

const known: readonly string[] = ['version', 'features', 'links', 'predicates', 'rules', 'policy', 'reasons'];

const isKnown = (key: string): boolean => known.includes(key);

/** What the YAML files declare, not yet checked. */
export interface Declarations {
  readonly features: readonly YamlEntry[];
  readonly links: readonly YamlEntry[];
  readonly predicates: readonly YamlEntry[];
  readonly reasons: readonly YamlEntry[];
  readonly rules: readonly YamlNode[];
  readonly policy: YamlNode | undefined;
  readonly version: YamlNode | undefined;
  readonly lostNames: ReadonlySet<string>;
}

interface Section {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

/** A file that was read, and what was wrong with it: the same text need not be read twice. */
interface ReadFile {
  readonly text: string;
  readonly sections: readonly Section[];
  /** What parts that cannot be read probably declare: who names it is not wrong, too. */
  readonly lostNames: ReadonlySet<string>;
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
  const lostNames = new Set<string>();
  const sections = readSections(new SourceFile(path, text), { sink: problems, lostNames });
  return { text, sections, lostNames, problems };
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
    lostNames: new Set([...files.values()].flatMap((file) => [...file.lostNames])),
  };
}

interface Collecting {
  readonly sink: ProblemSink;
  readonly lostNames: Set<string>;
}

function readSections(file: SourceFile, { sink, lostNames }: Collecting): Section[] {
  const root = readYaml(file, sink);
  if (root === undefined || sink.errors.some(({ code }) => unreadable.has(code)))
    for (const name of namesIn(file.text)) lostNames.add(name);
  if (root === undefined) return [];
  const first = [...root.entries.values()][0];
  if (first !== undefined && file.path.endsWith('.test.yml') && !isKnown(first.key.text)) {
    const hint = 'tests stand in the folder tests/: move the file there';
    sink.error('E010', first.key, `unknown key '${first.key.text}' in a rules file`, { hint });
    return [];
  }
  return [...root.entries.values()].flatMap((section) => readSection(section, { sink, lostNames }));
}

/** What was meant by a wrong key is read as if it stood there: one slip is one error. */
function readSection({ key, value }: Section, { sink, lostNames }: Collecting): Section[] {
  if (isKnown(key.text)) return [{ key, value }];
  const hint = didYouMean(key.text, known) ?? `one of ${known.join(', ')}`;
  sink.error('E010', key, `unknown key '${key.text}' in a rules file`, { hint });
  const [meant] = meantNames(key.text, known);
  if (meant !== undefined) return [{ key: { ...key, text: meant }, value }];
  for (const name of namesIn(key.file.text)) lostNames.add(name);
  return [];
}

/** Codes after which a part of the file is not read. */
const unreadable: ReadonlySet<string> = new Set(['E001', 'E002', 'E004', 'E007', 'E008', 'E018']);

/** Everything that looks like a key. */
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^|[\s,{?"'])([A-Za-z_][\w.-]{0,63})["']?\s*:/g)].map(([, name = '']) => name);

const isNothing = (node: YamlNode): boolean => node.kind === 'scalar' && node.value === null;

function entriesOf({ key, value }: Section, sink: ProblemSink): readonly YamlEntry[] {
  if (value.kind === 'map') return [...value.entries.values()];
  if (!isNothing(value) && value.isRefused !== true)
    sink.error('E012', value, `expected '${key.text}' as a map of names, not ${describeNode(value)}`);
  return [];
}

function itemsOf({ key, value }: Section, sink: ProblemSink): readonly YamlNode[] {
  if (value.kind === 'list') return value.items;
  if (!isNothing(value) && value.isRefused !== true)
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
