import { randomBytes } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from '../ruleset/yaml/source-file.js';
import { editedText, fileDiff, type TextEdit } from '../ruleset/yaml/text-edits.js';
import { expectationEdit } from '../sequences/expectation-edit.js';
import { recordExpectations } from '../sequences/record-expectations.js';
import { complain, print } from './command-arguments.js';
import type { TimedRun } from './run-sequences.js';

interface RecordInput {
  readonly runs: readonly TimedRun[];
  readonly directory: string;
  /** False = show only. */
  readonly write: boolean;
}

/** What came of tests that fail or expect nothing, as their new `expect:`: a diff, which is made when it is asked for. */
export async function recordRuns({ runs, directory, write }: RecordInput): Promise<void> {
  const byFile = new Map<SourceFile, TextEdit[]>();
  let count = 0;
  for (const { test, played, report } of runs) {
    if (report.ok && test.expectations.length > 0) continue;
    const lines = recordExpectations(played);
    const edit = expectationEdit(test, lines);
    count++;
    if (edit === undefined)
      print(`${report.file}:${report.line}: ${test.name}\nexpect:\n${lines.map((line) => `  ${line}`).join('\n')}`);
    else byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  }
  for (const [file, edits] of byFile) {
    print(fileDiff(file, edits));
    if (write) await replaceFile(join(directory, file.path), editedText(file, edits));
  }
  complain(summary(count, write));
}

function summary(count: number, write: boolean): string {
  if (count === 0) return 'every test has expectations and passes: nothing to record';
  const tests = count === 1 ? '1 test' : `${count} tests`;
  return write ? `recorded ${tests}` : `${tests} to record; --write puts it into the files`;
}

/** Whole or not at all: an editor or a running check may be reading it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  await writeFile(beside, text);
  await rename(beside, path);
}
