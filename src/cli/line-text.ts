import type { LineProblem } from '../replay/read-event-line.js';

/** Where in a file the line is that cannot be used, and why. */
export const lineText = (file: string, { line, pointer, detail }: LineProblem): string =>
  `${file}:${line}: ${pointer === '' ? '' : `${pointer}: `}${detail}`;
