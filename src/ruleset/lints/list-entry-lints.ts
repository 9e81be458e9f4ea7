import { nodesUnder } from '../../expression/walk-node.js';
import { entryIn, LineReader } from '../../lists/line-reader.js';
import type { Steps } from '../../model/steps.js';
import type { ProblemSink } from '../problem-sink.js';
import { SourceFile } from '../yaml/source-file.js';
import type { LintInput } from './lint.js';
import { sitesOf } from './sites.js';
import { type TextForm, textForms } from './text-forms.js';

/** A file that is wrong throughout is told about so often. */
const mostWarnings = 20;
const linesInStep = 256;

/** What each list of values is asked for: the names of signals. */
function askedFor(input: LintInput): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { expression } of sitesOf(input))
    for (const node of nodesUnder(expression.ast)) {
      if (node.kind !== 'in_list' || node.list.kind !== 'value') continue;
      const known = names.get(node.list.name) ?? new Set();
      names.set(node.list.name, known.add(node.operand.kind === 'input' ? node.operand.info.name : ''));
    }
  return names;
}

/** An entry that none of the signals that are looked for in the list can ever be. */
export function* listEntryLints(input: LintInput, sink: ProblemSink): Steps<void> {
  for (const [list, names] of askedFor(input)) {
    const forms = [...names].map((name) => textForms.get(name));
    const [form] = forms;
    const path = `lists/${list}.txt`;
    const text = input.listFiles.get(path);
    if (text === undefined || form === undefined || forms.some((other) => other !== form)) continue;
    yield* look({ path, text, form, name: [...names].join(' or ') }, sink);
  }
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
    // Capitals are of no matter in lists.
    if (entry === '' || form.whole.test(entry.toLowerCase()) || form.whole.test(entry.toUpperCase())) continue;
    told++;
    const start = lines.start + lines.line.indexOf(entry);
    const mended = form.mend(entry.replace(/^[*.]+/, '').replace(/\/+$/, ''));
    const hint = mended !== entry && form.whole.test(mended) ? `did you mean '${mended}'?` : undefined;
    const range = { file: new SourceFile(path, text), start, end: start + entry.length };
    sink.warn('W032', range, `'${name}' is never '${entry}': it is ${form.words}`, { hint });
  }
}
