import type { Instant } from '../model/time.js';
import { ProblemSink } from '../ruleset/problem-sink.js';
import { byPlace, type RuleProblem } from '../ruleset/rule-problem.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { FieldReader } from '../ruleset/yaml/read-fields.js';
import { readYaml } from '../ruleset/yaml/read-yaml.js';
import { SourceFile } from '../ruleset/yaml/source-file.js';
import type { YamlMap, YamlNode } from '../ruleset/yaml/yaml-node.js';
import { type EventDefaults, noDefaults, readDefaults } from './read-defaults.js';
import { readExpectations } from './read-expectations.js';
import { nothingGiven, readGiven } from './read-given.js';
import { readSteps } from './read-steps.js';
import type { Given, SequenceTest } from './sequence-test.js';
import { headOf, readTime, type TestReader } from './test-reader.js';

export interface ReadTests {
  readonly tests: readonly SequenceTest[];
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

const largestFileBytes = 256 * 1024;

/** The files of a rules directory that hold sequence tests. */
export const isTestFile = (path: string): boolean => /^tests\/.*\.test\.ya?ml$/.test(path);

/**
 * Reads every `tests/*.test.yml`; everything that is wrong in one run. Without a rule set the names of rules, features and
 * lists are not looked at.
 */
export function readTestFiles(files: ReadonlyMap<string, string>, ruleSet: RuleSet | undefined): ReadTests {
  const sink = new ProblemSink();
  const tests = [...files.keys()].sort().flatMap((path) => readFile(path, files.get(path) ?? '', { ruleSet, sink }));
  return { tests, errors: eachOnce(sink.errors), warnings: eachOnce(sink.warnings) };
}

/** What is wrong with a default is wrong with every event that has it. */
function eachOnce(problems: readonly RuleProblem[]): readonly RuleProblem[] {
  const byText = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...byText.values()].sort(byPlace);
}

interface FileReading {
  readonly ruleSet: RuleSet | undefined;
  readonly sink: ProblemSink;
}

function readFile(path: string, text: string, { ruleSet, sink }: FileReading): readonly SequenceTest[] {
  if (!path.startsWith('tests/') || !/\.ya?ml$/.test(path)) return [];
  const file = new SourceFile(path, text);
  if (!path.endsWith('.test.yml')) {
    sink.warn('W012', { file, start: 0, end: 1 }, 'only files that end in .test.yml are read as tests', {
      hint: 'rename it',
    });
    return [];
  }
  if (Buffer.byteLength(text) > largestFileBytes) {
    sink.error('E009', { file, start: 0, end: 1 }, 'the file is larger than 256 KiB', {
      hint: 'repeat: makes many events of one',
    });
    return [];
  }
  const root = readYaml(file, sink);
  if (root === undefined) return [];
  const reader = { fields: new FieldReader(sink), ruleSet };
  const names = new Set<string>();
  if (!root.entries.has('tests')) return readTest(root, {}, { ...reader, names });
  return readMany(root, { ...reader, names });
}

interface NamingReader extends TestReader {
  /** Of the tests before it in the file. */
  readonly names: Set<string>;
}

/** What a file says for all of its tests. */
interface Shared {
  readonly clock?: Instant | undefined;
  readonly given?: Given | undefined;
  readonly defaults?: EventDefaults | undefined;
}

function readMany(root: YamlMap, reader: NamingReader): readonly SequenceTest[] {
  const { fields } = reader;
  const values = fields.map(root, { what: 'a file of tests', known: ['tests', 'clock', 'given', 'defaults'] });
  const shared = readShared(values ?? new Map(), {}, reader);
  const node = values?.get('tests');
  const items = node === undefined ? [] : (fields.list(node, "'tests'") ?? []);
  return items.flatMap((item) => {
    if (item.kind === 'map') return readTest(item, shared, reader);
    fields.entries(item, 'a test');
    return [];
  });
}

const defaultClock = Date.parse('2026-01-01T00:00:00Z');

function readShared(values: ReadonlyMap<string, YamlNode>, before: Shared, reader: TestReader): Shared {
  const [clockNode, givenNode, defaultsNode] = ['clock', 'given', 'defaults'].map((name) => values.get(name));
  const clock =
    (clockNode === undefined ? undefined : readTime(clockNode, reader, undefined)) ?? before.clock ?? defaultClock;
  const given = givenNode === undefined ? before.given : readGiven(givenNode, clock, reader, before.given);
  const defaults = defaultsNode === undefined ? before.defaults : readDefaults(defaultsNode, before.defaults, reader);
  return { clock, given, defaults };
}

const testKeys = ['name', 'clock', 'given', 'defaults', 'events', 'expect'];

function readTest(node: YamlMap, shared: Shared, reader: NamingReader): readonly SequenceTest[] {
  const { fields } = reader;
  const values = fields.map(node, { what: 'a sequence test', known: testKeys, required: ['name', 'events'] });
  const [nameNode, eventsNode, expectNode] = ['name', 'events', 'expect'].map((key) => values?.get(key));
  const name = nameNode === undefined ? undefined : fields.text(nameNode, 'a name');
  if (values === undefined) return [];
  const { clock = defaultClock, given = nothingGiven, defaults = noDefaults } = readShared(values, shared, reader);
  const read = eventsNode === undefined ? undefined : readSteps(eventsNode, { ...reader, clock, defaults });
  if (read?.events === 0 && eventsNode?.kind === 'list')
    fields.error('E019', eventsNode, 'a test needs at least one event');
  const expectations =
    expectNode === undefined ? [] : readExpectations(expectNode, read ?? { events: 0, isSure: false }, reader);
  if (name === undefined || nameNode === undefined || read === undefined) return [];
  if (reader.names.has(name)) fields.error('E020', nameNode, `two tests of this file are named '${name}'`);
  reader.names.add(name);
  return [{ name, clock, given, steps: read.steps, expectations, at: nameNode ?? headOf(node) }];
}
