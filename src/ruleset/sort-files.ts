import type { ProblemSink } from './problem-sink.js';
import { SourceFile } from './yaml/source-file.js';

const largestFileBytes = 256 * 1024;

interface SortedFiles {
  readonly yaml: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, string>;
}

/** Of what lies in `lists/`, at any depth. */
export const unreadListMessage = 'only files that end in .txt and stand in lists/ itself are read as lists';

export const unreadRulesMessage = 'only files that end in .yml are read';

/** Which files make the rule set, in the order of their paths: tests, schemas and the guide do not. */
export function sortFiles(files: ReadonlyMap<string, string>, sink: ProblemSink): SortedFiles {
  const yaml = new Map<string, string>();
  const lists = new Map<string, string>();
  for (const path of [...files.keys()].sort()) {
    const text = files.get(path) ?? '';
    const start = { file: new SourceFile(path, text.slice(0, 200)), start: 0, end: 1 };
    if (path.startsWith('tests/') || path.startsWith('schema/')) continue;
    if (path.endsWith('.yaml')) sink.warn('W012', start, unreadRulesMessage, { hint: 'rename it' });
    const isList = /^lists\/[^/]+\.txt$/.test(path);
    if (!isList && !path.endsWith('.yml')) {
      if (/^lists\/.*\.txt$/i.test(path))
        sink.warn('W012', start, unreadListMessage, {
          hint: path.startsWith('lists/') ? 'move it up' : 'its folder is lists/',
        });
      continue;
    }
    if (isList && !/^lists\/[a-z][a-z0-9_]*\.txt$/.test(path))
      sink.error('E018', start, 'a list is named by small letters, digits and underscores');
    else if (isList) lists.set(path, text);
    else if (Buffer.byteLength(text) > largestFileBytes)
      sink.error('E009', start, 'the file is larger than 256 KiB', { hint: 'values belong in a list file' });
    else yaml.set(path, text);
  }
  return { yaml, lists };
}
