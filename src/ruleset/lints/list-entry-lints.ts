import type { Node } from '../../expression/checked-expression.js';
import { nodesUnder } from '../../expression/walk-node.js';
import { entryIn, LineReader } from '../../lists/line-reader.js';
import { normalizeValue } from '../../lists/list-entry.js';
import type { Steps } from '../../model/steps.js';
import type { Located, ProblemSink } from '../problem-sink.js';
import { SourceFile } from '../yaml/source-file.js';
import type { LintInput } from './lint.js';
import { sitesOf } from './sites.js';
import { numberForm, type TextForm, textForms } from './text-forms.js';

/** A file that is wrong throughout is told about so often. */
const mostWarnings = 20;
const linesInStep = 256;

/** A question whether something is in a list of values. */
interface Question {
  readonly operand: Node;
  /** Where the operand stands. */
  readonly at: Located;
  readonly rule: string | undefined;
  /** How its values are written; undefined where anything may come. */
  readonly form: TextForm | undefined;
}

/** What each list of values is asked for. */
function questionsIn(input: LintInput): ReadonlyMap<string, readonly Question[]> {
  const questions = new Map<string, Question[]>();
  for (const site of sitesOf(input))
    for (const node of nodesUnder(site.expression.ast)) {
      if (node.kind !== 'in_list' || node.list.kind !== 'value') continue;
      const { operand } = node;
      const asked = { operand, at: site.place(operand), rule: site.rule?.info.id, form: formOf(operand) };
      questions.set(node.list.name, [...(questions.get(node.list.name) ?? []), asked]);
    }
  return questions;
}

function formOf(operand: Node): TextForm | undefined {
  if (operand.type === 'number') return numberForm;
  return operand.kind === 'input' ? textForms.get(operand.info.name) : undefined;
}

const nameOf = ({ operand }: Question): string => (operand.kind === 'input' ? operand.info.name : 'this');

/** An entry is compared as the list keeps it; capitals are of no matter there. */
const fits = ({ whole }: TextForm, entry: string): boolean =>
  whole.test(entry) || whole.test(normalizeValue(entry)) || whole.test(entry.toUpperCase());

/** Entries that nothing that is looked for in the list can ever be; questions that no entry answers. */
export function* listEntryLints(input: LintInput, sink: ProblemSink): Steps<void> {
  for (const [list, questions] of questionsIn(input)) {
    const path = `lists/${list}.txt`;
    const text = input.listFiles.get(path);
    if (text === undefined) continue;
    const forms = new Set(questions.map(({ form }) => form));
    const [form] = forms;
    const names = [...new Set(questions.map(nameOf))].join(' or ');
    if (forms.size > 1 || form === numberForm) yield* lookForAny({ list, text, questions }, sink);
    else if (form !== undefined) yield* look({ path, text, form, name: names }, sink);
  }
}

interface AskedList {
  readonly list: string;
  readonly text: string;
  readonly questions: readonly Question[];
}

/** Where several things are looked for in one list no entry is wrong by itself. */
function* lookForAny({ list, text, questions }: AskedList, sink: ProblemSink): Steps<void> {
  const unmet = new Set(questions.flatMap(({ form }) => form ?? []));
  const lines = new LineReader(text);
  let entries = 0;
  while (unmet.size > 0 && lines.read()) {
    if (lines.number % linesInStep === 0) yield;
    const entry = entryIn(lines.line);
    if (entry === '') continue;
    entries++;
    for (const form of unmet) if (fits(form, entry)) unmet.delete(form);
  }
  // An empty list has a warning of its own.
  for (const question of entries === 0 ? [] : questions)
    if (question.form !== undefined && unmet.has(question.form)) warnNoEntry(question, question.form, { list, sink });
}

function warnNoEntry(
  question: Question,
  { words }: TextForm,
  { list, sink }: { list: string; sink: ProblemSink },
): void {
  const message = `'${nameOf(question)}' is never in lists.${list}: it is ${words}, and no entry is`;
  sink.warn('W032', question.at, message, { rule: question.rule });
}

interface Asked {
  readonly path: string;
  readonly text: string;
  readonly form: TextForm;
  readonly name: string;
}

function* look({ path, text, form, name }: Asked, sink: ProblemSink): Steps<void> {
  const lines = new LineReader(text);
  for (let told = 0; told < mostWarnings && lines.read(); ) {
    if (lines.number % linesInStep === 0) yield;
    const entry = entryIn(lines.line);
    if (entry === '' || fits(form, entry)) continue;
    told++;
    const start = lines.start + lines.line.indexOf(entry);
    const mended = form.mend(entry.replace(/^[*.]+/, '').replace(/\/+$/, ''));
    const hint = mended !== entry && form.whole.test(mended) ? `did you mean '${mended}'?` : undefined;
    const range = { file: new SourceFile(path, text), start, end: start + entry.length };
    sink.warn('W032', range, `'${name}' is never '${entry}': it is ${form.words}`, { hint });
  }
}
